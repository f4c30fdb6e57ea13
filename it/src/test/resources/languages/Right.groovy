import groovy.transform.CompileStatic
import io.github.libvirt4j.*
import io.github.libvirt4j.event.*
import java.nio.ByteBuffer
import java.util.concurrent.*

// A program as users of Groovy write it, checked when it is compiled and when it runs. Prints RIGHT if each of its
// handlers was called.
class Heard {
    static Set<Integer> not = ConcurrentHashMap.newKeySet()
    static CountDownLatch all = new CountDownLatch(16)

    static void heard(int number) {
        if (not.remove(number)) {
            all.countDown()
        }
    }

    static void handle(DomainEvent e) {
        heard(1)
    }
}

@CompileStatic
class Checked {
    static void register(Connect conn, Domain domain, boolean flag) {
        domain.on(DomainEvent.LIFECYCLE, Heard::handle)
        conn.on(DomainEvent.LIFECYCLE) { e -> e.type(); Heard.heard(2) }
        conn.on(DomainEvent.LIFECYCLE, Delivery.direct()) { it.type(); Heard.heard(3) }
        conn.on(DomainEvent.LIFECYCLE, e -> { e.type(); Heard.heard(4) })
        // Of the types that records have in common Groovy takes Record.
        conn.<DomainEvent>on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.queued()) { e -> e.domain(); Heard.heard(5) }
        domain.<DomainEvent>on([DomainEvent.LIFECYCLE, DomainEvent.REBOOT]) { e -> e.domain(); Heard.heard(6) }
        conn.<DomainEvent>on(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT) { e -> e.domain(); Heard.heard(7) }
        conn.onWithSelf(DomainEvent.LIFECYCLE) { self, e -> self.close(); e.type(); Heard.heard(8) }
        domain.console().screenshot(0) { from -> from.position(from.limit()) }
        domain.console().screenshot(0) { ByteBuffer from -> from.position(from.limit()) }
    }
}

(1..16).each { Heard.not.add(it) }
Connect.to("test:///default").authenticator { questions -> questions.each { it.answer("x" as char[]) } }.open().withCloseable { conn ->
    conn.domains().lookupByName("test").withCloseable { domain ->
        def flag = true
        def list = new LinkedBlockingQueue()
        Checked.register(conn, domain, flag)
        conn.on(DomainEvent.LIFECYCLE) { e -> e.type(); Heard.heard(9) }
        domain.on(DomainEvent.LIFECYCLE, Delivery.direct()) { it.type(); Heard.heard(10) }
        conn.on([DomainEvent.LIFECYCLE, DomainEvent.REBOOT] as Set) { e -> e.domain(); Heard.heard(11) }
        conn.on([DomainEvent.LIFECYCLE, DomainEvent.REBOOT], Delivery.direct()) { e -> e.domain(); Heard.heard(12) }
        domain.on(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT) { e -> e.domain(); Heard.heard(13) }
        conn.onWithSelf(DomainEvent.LIFECYCLE) { self, e -> self.close(); e.type(); Heard.heard(14) }
        conn.on(DomainEvent.LIFECYCLE, list::add)
        domain.console().screenshot(0) { from -> from.position(from.limit()) }
        conn.newStream().withCloseable { stream ->
            domain.console().screenshot(stream, 0)
            stream.receiveAll { it.position(it.limit()) }
            stream.finish()
        }
        try {
            domain.console().screenshot(0) { throw new IOException("the same") }
        } catch (IOException e) {
            Heard.heard(15)
        }
        def queue = conn.queue([DomainEvent.LIFECYCLE, DomainEvent.REBOOT], 10)
        domain.suspend()
        domain.resume()
        queue.take().domain()
        list.take().type()
        Heard.heard(16)
        Heard.all.await(10, TimeUnit.SECONDS)
    }
}
println(Heard.not.empty ? "RIGHT" : "not called: ${Heard.not}")
