import io.github.libvirt4j.*
import io.github.libvirt4j.event.*
import java.io.IOException
import java.util.concurrent.{CompletableFuture, ConcurrentHashMap, CountDownLatch, LinkedBlockingQueue, TimeUnit}
import scala.util.Using

// A program as users of Scala write it. Prints RIGHT if each of its handlers was called.
object Right:
  private val unheard = ConcurrentHashMap.newKeySet[Int]()
  (1 to 13).foreach(unheard.add)
  private val all = CountDownLatch(unheard.size)

  def heard(number: Int): Unit = if unheard.remove(number) then all.countDown()

  def handle(e: DomainEvent): Unit = heard(1)

  def main(arguments: Array[String]): Unit =
    val flag = System.nanoTime() != 0
    val connection = Connect.to("test:///default").authenticator(questions => questions.forEach(_.answer(Array('x'))))
    Using.Manager { use =>
      val conn = use(connection.open())
      val domain = use(conn.domains.lookupByName("test"))
      domain.console.screenshot(0, from => from.position(from.limit()))
      val stream = use(conn.newStream())
      domain.console.screenshot(stream, 0)
      stream.receiveAll(from => from.position(from.limit()))
      stream.finish()
      try domain.console.screenshot(0, _ => throw IOException("the same"))
      catch case e: IOException => heard(2)
      val several = java.util.Set.of[EventKind[? <: DomainEvent]](DomainEvent.LIFECYCLE, DomainEvent.REBOOT)
      val events = LinkedBlockingQueue[DomainEvent]()
      val first = CompletableFuture[DomainEvent]()
      conn.on(DomainEvent.LIFECYCLE, handle)
      conn.on(DomainEvent.LIFECYCLE, e => { e.`type`(); heard(3) })
      conn.on(DomainEvent.LIFECYCLE, Delivery.direct(), e => { e.`type`(); heard(4) })
      domain.on(several, Delivery.queued(4), e => { e.domain(); heard(5) })
      conn.on(several, e => { e.domain(); heard(6) })
      conn.on(if flag then DomainEvent.LIFECYCLE else DomainEvent.REBOOT, e => { e.domain(); heard(7) })
      // Without `e match` Scala chooses none of the overloads.
      conn.on(several, e => e match
        case e: DomainEvent.Lifecycle => e.`type`(); heard(8)
        case _ => ())
      conn.on(DomainEvent.LIFECYCLE, new EventHandler[DomainEvent]:
        override def on(e: DomainEvent): Unit = heard(9))
      conn.onWithSelf(DomainEvent.LIFECYCLE, (self, e) => { self.close(); e.`type`(); heard(10) })
      domain.onWithSelf(several, Delivery.direct(), (self, e) => { self.close(); e.domain(); heard(11) })
      conn.on(DomainEvent.LIFECYCLE, e => events.add(e))
      conn.on(DomainEvent.LIFECYCLE, e => first.complete(e))
      val queue = conn.queue(several, 10)
      domain.suspend()
      domain.resume()
      queue.take().domain()
      heard(12)
      events.take().domain()
      first.get().domain()
      heard(13)
      all.await(10, TimeUnit.SECONDS)
    }.get
    println(if unheard.isEmpty then "RIGHT" else s"not called: $unheard")
