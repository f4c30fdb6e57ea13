import io.github.libvirt4j.*
import io.github.libvirt4j.event.*
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.*

// Prints the types of two events that it collects as a Flow.
fun main() = runBlocking {
    Connect.open("test:///default").use { conn ->
        conn.domains().lookupByName("test").use { domain ->
            val types = async(Dispatchers.Default) {
                domain.publisher(DomainEvent.LIFECYCLE).asFlow()
                    .onEach { if (it is EventOrGap.Missing) println("${it.events()} are missing") }
                    .mapNotNull { (it as? EventOrGap.Happened)?.event()?.type() }
                    .take(2)
                    .toList()
            }
            // Collecting registers; nothing tells when it has.
            while (!types.isCompleted) {
                domain.suspend()
                domain.resume()
                delay(10)
            }
            println(types.await().sortedByDescending { it.name }.joinToString(" "))
        }
    }
}
