import io.github.libvirt4j.*
import io.github.libvirt4j.event.*
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

// A program as users of Kotlin write it. Prints RIGHT if each of its handlers was called.
val unheard = (1..17).toMutableSet()
val all = CountDownLatch(unheard.size)

fun heard(number: Int) {
    synchronized(unheard) { if (unheard.remove(number)) all.countDown() }
}

fun handle(e: DomainEvent) = heard(e.domain().name().length - "test".length + 1)

fun <E : DomainEvent> helper(at: EventSource<in DomainEvent>, kind: EventKind<out E>, handler: EventHandler<in E>) {
    at.on(kind, handler)
}

fun main() {
    val flag = System.nanoTime() != 0L
    Connect.to("test:///default").authenticator { questions -> questions.forEach { it.answer(charArrayOf('x')) } }.open().use { conn ->
        conn.domains().lookupByName("test").use { domain ->
            domain.console().screenshot(0) { from -> from.position(from.limit()) }
            conn.newStream().use { stream ->
                domain.console().screenshot(stream, 0)
                stream.receiveAll { it.position(it.limit()) }
                stream.finish()
            }
            try {
                domain.console().screenshot(0) { throw IOException("the same") }
            } catch (e: IOException) {
                heard(2)
            }
            val several = setOf(DomainEvent.LIFECYCLE, DomainEvent.REBOOT)
            val objects = LinkedBlockingQueue<Any>()
            val events = LinkedBlockingQueue<DomainEvent>()
            val first = CompletableFuture<DomainEvent.Lifecycle>()
            conn.on(DomainEvent.LIFECYCLE, ::handle)
            conn.on(DomainEvent.LIFECYCLE) { e -> e.type(); heard(3) }
            conn.on(DomainEvent.LIFECYCLE, Delivery.direct()) { it.type(); heard(4) }
            domain.on(several, Delivery.queued(4)) { e -> e.domain(); heard(5) }
            conn.on(listOf(DomainEvent.LIFECYCLE, DomainEvent.REBOOT)) { e -> e.domain(); heard(6) }
            conn.on(setOf(DomainEvent.LIFECYCLE, NetworkEvent.LIFECYCLE), Delivery.direct()) { e -> e.kind(); heard(7) }
            conn.on(if (flag) DomainEvent.LIFECYCLE else DomainEvent.REBOOT) { e -> e.domain(); heard(8) }
            val kind = if (flag) DomainEvent.LIFECYCLE else DomainEvent.REBOOT
            conn.on(kind, Delivery.direct()) { e -> e.domain(); heard(9) }
            conn.on(several) { e -> when (e) { is DomainEvent.Lifecycle -> { e.type(); heard(10) } else -> {} } }
            conn.on(DomainEvent.LIFECYCLE, EventHandler<Event> { e -> e.kind(); heard(11) })
            conn.on(DomainEvent.LIFECYCLE, object : EventHandler<DomainEvent> {
                override fun on(e: DomainEvent) = heard(12)
                override fun lost(count: Long) {}
            })
            conn.onWithSelf(DomainEvent.LIFECYCLE) { self, e -> self.close(); e.type(); heard(13) }
            domain.onWithSelf(several, Delivery.direct()) { self, e -> self.close(); e.domain(); heard(14) }
            helper(conn, DomainEvent.LIFECYCLE) { e -> e.type(); heard(15) }
            conn.on(DomainEvent.LIFECYCLE, objects::add)
            conn.on(several, Delivery.direct(), events::add)
            conn.on(DomainEvent.LIFECYCLE, first::complete)
            val one = conn.queue(DomainEvent.LIFECYCLE, 10)
            val two = domain.queue(several, Delivery.queued(3))
            domain.suspend()
            domain.resume()
            one.take().type()
            two.take().domain()
            one.poll(java.time.Duration.ZERO)?.type()
            heard(16)
            objects.take()
            events.take().domain()
            first.get().type()
            heard(17)
            all.await(10, TimeUnit.SECONDS)
        }
    }
    println(if (unheard.isEmpty()) "RIGHT" else "not called: $unheard")
}
