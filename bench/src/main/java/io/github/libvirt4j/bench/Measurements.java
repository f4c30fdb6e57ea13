package io.github.libvirt4j.bench;

import static io.github.libvirt4j.bench.Peer.C;
import static io.github.libvirt4j.bench.Peer.GO;
import static io.github.libvirt4j.bench.Peer.JNA;
import static io.github.libvirt4j.bench.Peer.OURS;
import static io.github.libvirt4j.bench.Peer.PYTHON;
import static io.github.libvirt4j.bench.Unit.BYTES;
import static io.github.libvirt4j.bench.Unit.EVENTS;
import static io.github.libvirt4j.bench.Unit.NANOSECONDS;
import static io.github.libvirt4j.bench.Unit.THROUGHPUT;

import java.util.List;

/// All that is measured. A new one is an entry here, and a work of that name in the peers that have it.
final class Measurements {
    private static final String EPOLL = "-Dlibvirt4j.eventLoop=epoll ";
    private static final String LIBVIRTS_LOOP = "-Dlibvirt4j.eventLoop=libvirt ";
    private static final String WHOLE_HEAP = "-Xms256m -Xmx256m -XX:+UseSerialGC -XX:+AlwaysPreTouch ";

    static final List<Measurement> ALL = List.of(
            new Measurement(
                            "dispatch",
                            "Dispatch of a callback",
                            "A loop in C calls a callback that has the signature of a lifecycle event: one that does nothing"
                                    + " (an empty upcall of the JVM), closures on loan, and the listener of a registration, which"
                                    + " is given a record with the domain's name and uuid. JMH, a VM for each.")
                    .rounds(100, 50)
                    .warmUp(100)
                    .size("time", "20", "10")
                    .figure("upcall", "a callback", NANOSECONDS, "an empty upcall/upcall")
                    .figure("event", "a lifecycle event", NANOSECONDS, "virDomainRef + virDomainFree/event")
                    .figure("lend", "lend and end a closure", NANOSECONDS, "one closure/lend")
                    .series("an empty upcall", OURS, "dispatch {library} {time} upcall emptyUpcall")
                    .series("to one closure", OURS, "dispatch {library} {time} upcall oneClosure")
                    .series("to closures of 100 classes", OURS, "dispatch {library} {time} upcall hundredClasses")
                    .series("libvirt-java", JNA, "dispatch {library}")
                    .series("virDomainRef + virDomainFree", OURS, "dispatch {library} {time} event refAndFree")
                    .series("to its listener", OURS, "dispatch {library} {time} event lifecycleEvent")
                    .series("one closure", OURS, "dispatch {library} {time} lend lend")
                    .series("a stub for each", OURS, "dispatch {library} {time} lend stub")
                    .atMost("dispatch to a lambda", "to one closure/upcall", 1.25, "an empty upcall/upcall")
                    .atMost(
                            "dispatch to lambdas of 100 classes",
                            "to closures of 100 classes/upcall",
                            3,
                            "an empty upcall/upcall")
                    .because(
                            "a cast and a call of an interface's method take 14 to 18 ns more with 100 classes in turn than with"
                                    + " one in plain Java as well")
                    .atMost(
                            "a lifecycle event to its listener",
                            "to its listener/event",
                            0.8,
                            "virDomainRef + virDomainFree/event")
                    .atMost("lend and end a closure, ns", "one closure/lend", 300)
                    .atMost(
                            "lend and end, against a stub for each closure",
                            "one closure/lend",
                            0.05,
                            "a stub for each/lend"),
            new Measurement(
                            "closures",
                            "Closures on loan",
                            "Memory of each of a million closures that C has at a time (of JNA's: 10,000), the closures"
                                    + " themselves not counted; and the time until C has one.")
                    .rounds(3, 1)
                    .warmUp(1)
                    .figure("bytes", "memory of each", BYTES, "libvirt4j/bytes")
                    .figure("lend", "until C has it", NANOSECONDS, "libvirt-java/lend")
                    .series("libvirt4j", OURS, WHOLE_HEAP + "closures 1000000")
                    .series("libvirt-java", JNA, WHOLE_HEAP + "closures 10000")
                    .atMost("memory of a closure on loan, bytes", "libvirt4j/bytes", 120)
                    .withoutChart(),
            new Measurement(
                            "events",
                            "Lifecycle events, end to end",
                            "One thread suspends and resumes a domain of the embedded test driver, the events come on libvirt's"
                                    + " event loop, and name and uuid are read of each; from the first call to the last event.")
                    .rounds(50, 20)
                    .warmUp(30)
                    .size("n", "10000", "10000")
                    .figure("events", "events per second", EVENTS, "C/events")
                    .series("C", C, "events {n}")
                    .series("libvirt4j, direct", OURS, "events direct {n}")
                    .series("libvirt4j, default", OURS, "events queued {n}")
                    .series("libvirt-java", JNA, "events {n}")
                    .series("Python", PYTHON, "events {n}")
                    .series("Go", GO, "events {n}")
                    .atLeast("events, direct", "libvirt4j, direct/events", 0.95, "C/events")
                    .atLeast("events, default delivery", "libvirt4j, default/events", 0.6, "C/events")
                    .atLeast(
                            "events, default delivery, against JNA",
                            "libvirt4j, default/events",
                            1.5,
                            "libvirt-java/events"),
            new Measurement(
                            "calls",
                            "Ordinary calls",
                            "Calls to the test driver in the process, which has 1000 domains; what a call returns is freed, a"
                                    + " failing lookup is caught as an exception.")
                    .rounds(60, 30)
                    .warmUp(60)
                    .figure("name", "name of a domain", NANOSECONDS, "C/name")
                    .figure("info", "info", NANOSECONDS, "C/info")
                    .figure("lookup", "lookup by name", NANOSECONDS, "C/lookup")
                    .figure("list", "list of 1000 domains", NANOSECONDS, "C/list")
                    .figure("missing", "lookup that fails", NANOSECONDS, "C/missing")
                    .figure("identities", "name and uuid of 1000 domains", NANOSECONDS, "C/identities")
                    .figure("stats", "identity and state of 1000 domains, as statistics", NANOSECONDS, "C/stats")
                    .figure("get-parameters", "memory parameters", NANOSECONDS, "C/get-parameters")
                    .figure("set-parameters", "set two memory parameters", NANOSECONDS, "C/set-parameters")
                    .series("C", C, "calls {node}")
                    .series("libvirt4j", OURS, "calls {node}")
                    .series("libvirt4j, callTimeout", OURS, "calls {node} limited")
                    .series("libvirt-java", JNA, "calls {node}")
                    .series("Python", PYTHON, "calls {node}")
                    .series("Go", GO, "calls {node}")
                    .atMost("info", "libvirt4j/info", 1.1, "C/info")
                    .atMost("lookup", "libvirt4j/lookup", 1.1, "C/lookup")
                    .because(
                            "what keeps a handle from leaking takes 0.1 µs, a Cleaner's entry 60 ns of it and a place among its connection's 40; and the name is to be a string of C's")
                    .atMost("statistics of 1000 domains", "libvirt4j/stats", 1.15, "C/stats")
                    .atMost("name, against JNA", "libvirt4j/name", 0.333, "libvirt-java/name")
                    .atMost("info, against JNA", "libvirt4j/info", 0.333, "libvirt-java/info")
                    .atMost("lookup, against JNA", "libvirt4j/lookup", 0.333, "libvirt-java/lookup")
                    .atMost("list of 1000, against JNA", "libvirt4j/list", 0.333, "libvirt-java/list")
                    .atMost("failing lookup, against JNA", "libvirt4j/missing", 0.333, "libvirt-java/missing"),
            new Measurement(
                            "streams",
                            "Streams",
                            "A volume of 32 MiB of a session daemon's pool in memory, all of it up and down, through libvirt's remote"
                                    + " protocol, more than a GiB in all the turns of a series, in pieces of 262,120 bytes, which is one message; and a sparse one of 8 GiB with a MiB of data in each hundred. C has an"
                                    + " event loop and keepalive, as each connection of this library has; bare it has neither.")
                    .rounds(40, 16)
                    .warmUp(8)
                    .size("mib", "32", "32")
                    .size("sparse", "8192", "2048")
                    .figure("up", "up", THROUGHPUT, "C, Send and Recv/up")
                    .figure("down", "down", THROUGHPUT, "C, Send and Recv/down")
                    .figure("sparse-up", "sparse, up", THROUGHPUT, "C, SendAll and RecvAll/sparse-up")
                    .figure("sparse-down", "sparse, down", THROUGHPUT, "C, SendAll and RecvAll/sparse-down")
                    .series("C, Send and Recv", C, "streams {storage} channel {mib} {sparse} kept")
                    .series("C, SendAll and RecvAll", C, "streams {storage} closure {mib} {sparse} kept")
                    .series("C, Send and Recv, bare", C, "streams {storage} channel {mib} {sparse} bare")
                    .series("channel", OURS, "streams {storage} channel {mib} {sparse}")
                    .series("closure", OURS, "streams {storage} closure {mib} {sparse}")
                    .series("java.io", OURS, "streams {storage} stream {mib} {sparse}")
                    .series("libvirt-java", JNA, "streams {storage} channel {mib} {sparse}")
                    .series("Python", PYTHON, "streams {storage} channel {mib} {sparse}")
                    .series("Go", GO, "streams {storage} channel {mib} {sparse}")
                    .atLeast("up, channel", "channel/up", 0.95, "C, Send and Recv/up")
                    .atLeast("down, channel", "channel/down", 0.95, "C, Send and Recv/down")
                    .atLeast("up, closure", "closure/up", 0.95, "C, SendAll and RecvAll/up")
                    .atLeast("down, closure", "closure/down", 0.95, "C, SendAll and RecvAll/down")
                    .atLeast("up, OutputStream", "java.io/up", 0.95, "C, Send and Recv/up")
                    .because("an array of Java's has to be copied for C; the channel's buffer has not")
                    .atLeast("down, InputStream", "java.io/down", 0.95, "C, Send and Recv/down")
                    .atLeast("sparse, up", "closure/sparse-up", 0.95, "C, SendAll and RecvAll/sparse-up")
                    .atLeast("sparse, down", "closure/sparse-down", 0.95, "C, SendAll and RecvAll/sparse-down")
                    .atLeast("up, closure against channel", "closure/up", 1, "channel/up")
                    .atLeast("down, closure against channel", "closure/down", 1, "channel/down"),
            new Measurement(
                            "loop",
                            "The event loop",
                            "Of N file descriptors, or timeouts, that are waited for, one is ready; its callback, in C and the"
                                    + " same for all, makes another one ready. C has nothing but epoll, and timerfd for timeouts.")
                    .rounds(20, 10)
                    .warmUp(5)
                    .size("time", "50", "20")
                    .figure("handles", "file descriptor", NANOSECONDS, "C, epoll/handles")
                    .figure("timeouts", "timeout", NANOSECONDS, "C, epoll/timeouts")
                    .series("C, epoll", C, "loop {time} 10 100 1000 10000")
                    .series("libvirt4j, epoll", OURS, EPOLL + "loop {library} {time} 10 100 1000 10000")
                    .series("libvirt's loop", OURS, LIBVIRTS_LOOP + "loop {library} {time} 10 100 1000 10000")
                    .atMost(
                            "file descriptor at 10,000, against 10",
                            "libvirt4j, epoll/handles",
                            1.5,
                            "libvirt4j, epoll/handles")
                    .because(
                            "what 10,000 handles have in memory does not fit the processor's cache; where ten of them are ready in"
                                    + " turn (measured once, apart), it is 0.8 × that of 10. In C it grows as well, see the table")
                    .atMost("file descriptor at 10,000", "libvirt4j, epoll/handles", 1.5, "C, epoll/handles")
                    .because("each has two objects of Java's beside what it has in C and in the kernel; see above")
                    .atMost(
                            "timeout at 10,000, against 10",
                            "libvirt4j, epoll/timeouts",
                            1.5,
                            "libvirt4j, epoll/timeouts")
                    .atMost("timeout at 10,000", "libvirt4j, epoll/timeouts", 1.5, "C, epoll/timeouts"),
            new Measurement(
                            "connections",
                            "Many connections",
                            "N idle connections to one session daemon, and work on connections to a second one: a call"
                                    + " (virDomainGetInfo), and an event from the call that causes it to its handler. Keepalive is"
                                    + " that of the 2,000 connections, each second, evenly spread over it to begin with, in"
                                    + " processor time for a second. One process for each loop, one after the other.")
                    .rounds(1, 2)
                    .size("n", "300 2000 10 100 1000 2000 4000", "100 0 10 500")
                    .tolerance(0.6)
                    .figure("call", "a call, wall time", NANOSECONDS, "libvirt's loop/call")
                    .figure("call-cpu", "a call, processor time", NANOSECONDS, "libvirt's loop/call-cpu")
                    .figure("event", "latency of an event", NANOSECONDS, "libvirt's loop/event")
                    .figure(
                            "keepalive",
                            "keepalive, processor time for a second",
                            NANOSECONDS,
                            "libvirt's loop/keepalive")
                    .figure("open", "opening one", NANOSECONDS, "libvirt's loop/open")
                    .figure("memory", "memory of one", BYTES, "libvirt's loop/memory")
                    .series("libvirt4j, epoll", OURS, WHOLE_HEAP + EPOLL + "connections {idle} {work} {n}")
                    .series("libvirt's loop", OURS, WHOLE_HEAP + LIBVIRTS_LOOP + "connections {idle} {work} {n}")
                    .atMost("a call, processor time", "libvirt4j, epoll/call-cpu", 0.5, "libvirt's loop/call-cpu")
                    .atMost("a call, wall time", "libvirt4j, epoll/call", 1, "libvirt's loop/call")
                    .atMost("latency of an event", "libvirt4j, epoll/event", 0.2, "libvirt's loop/event")
                    .atMost("keepalive", "libvirt4j, epoll/keepalive", 0.15, "libvirt's loop/keepalive"),
            new Measurement(
                            "start",
                            "Process start to the first list of domains",
                            "From the start of the process to the line it prints when it has the list of domains of the embedded"
                                    + " test driver. CDS is a class data archive, AOT the JVM's cache with linked classes and"
                                    + " profiles.")
                    .rounds(25, 9)
                    .figureFromStart("first", "to the first list", "C/first")
                    .series("C", C, "first")
                    .series("libvirt4j", OURS, "first")
                    .series("libvirt4j, CDS", OURS, "-Xlog:disable -XX:SharedArchiveFile={cds} first")
                    .series("libvirt4j, AOT", OURS, "-XX:AOTCache={aot} first")
                    .series(
                            "libvirt4j, AOT, C1, SerialGC",
                            OURS,
                            "-XX:AOTCache={aot1} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 first")
                    .series(
                            "libvirt4j, CDS, C1, SerialGC",
                            OURS,
                            "-Xlog:disable -XX:SharedArchiveFile={cds1} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 first")
                    .series("libvirt-java", JNA, "first")
                    .series("Python", PYTHON, "first")
                    .series("Go", GO, "first")
                    .atMost("start, AOT", "libvirt4j, AOT/first", 0.65, "libvirt-java/first")
                    .because("with one compiler and the serial collector it is reached, see the next line")
                    .atMost(
                            "start, AOT, C1, SerialGC",
                            "libvirt4j, AOT, C1, SerialGC/first",
                            0.65,
                            "libvirt-java/first")
                    .atMost(
                            "start, CDS, C1, SerialGC",
                            "libvirt4j, CDS, C1, SerialGC/first",
                            0.65,
                            "libvirt-java/first"),
            new Measurement(
                            "leaks",
                            "A million times",
                            "Memory after so many cycles of registering and closing, and of making and closing a handle: on the"
                                    + " Java heap after a collection, and all that is outside of it; without the compiler that"
                                    + " goes on for ever, which is outside as well.")
                    .rounds(1, 1)
                    .size("n", "10000 1000000", "10000 100000")
                    .tolerance(0.05)
                    .figure("register-heap", "registrations, heap", BYTES, "libvirt4j/register-heap")
                    .figure("register-native", "registrations, outside", BYTES, "libvirt4j/register-native")
                    .figure("handle-heap", "handles, heap", BYTES, "libvirt4j/handle-heap")
                    .figure("handle-native", "handles, outside", BYTES, "libvirt4j/handle-native")
                    .series("libvirt4j", OURS, WHOLE_HEAP + "-XX:TieredStopAtLevel=1 leaks {n}")
                    .atMost("registrations, heap", "libvirt4j/register-heap", 1.01, "libvirt4j/register-heap")
                    .atMost("registrations, outside", "libvirt4j/register-native", 1.01, "libvirt4j/register-native")
                    .atMost("handles, heap", "libvirt4j/handle-heap", 1.01, "libvirt4j/handle-heap")
                    .atMost("handles, outside", "libvirt4j/handle-native", 1.01, "libvirt4j/handle-native")
                    .withoutChart());

    private Measurements() {}
}
