import io.github.libvirt4j.*
import io.github.libvirt4j.event.*

// Each line that says so is to be refused.
fun a(queue: EventQueue<DomainEvent.Lifecycle>) = queue.poll(java.time.Duration.ZERO).type() // nullable receiver
fun b(): String = DomainEvent.LIFECYCLE.filter() // actual 'String?'
fun c(event: DomainEvent.DiskChange): String = event.oldSrcPath() // actual 'String?'
fun d(conn: Connect) = conn.domains().lookupByName(null) // null cannot be a value
fun e() = io.github.libvirt4j.types.ParameterKey.ofLong(null) // null cannot be a value
fun f(conn: Connect): String = conn.uri()
fun g() = Connect.open(null)
