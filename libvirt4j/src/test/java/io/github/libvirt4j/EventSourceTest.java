package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.support.Javac;
import io.github.libvirt4j.types.DomainEventType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What users write, given to the compiler: right programs compile and run, wrong ones are told what is
/// wrong.
@ExtendWith(NothingLeft.class)
class EventSourceTest {
    private static final String IMPORTS = """
            import io.github.libvirt4j.*;
            import io.github.libvirt4j.auth.*;
            import io.github.libvirt4j.event.*;
            import io.github.libvirt4j.stream.*;
            import java.io.*;
            import java.nio.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            """;

    /// Each registers, and its handlers tell `seen`. One a line.
    private static final String RIGHT = """
            conn.on(DomainEvent.LIFECYCLE, e -> seen.accept(e.domain().name() + e.type()));
            conn.on(DomainEvent.LIFECYCLE, Delivery.direct(), e -> seen.accept(e.detail()));
            domain.on(DomainEvent.LIFECYCLE, Delivery.queued(5).overflow(Overflow.CLOSE), e -> seen.accept(e.type()));
            conn.on(Set.of(DomainEvent.LIFECYCLE), e -> seen.accept(e.type()));
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.queued(), e -> seen.accept(e));
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.direct(), e -> seen.accept(e.domain().uuid()));
            domain.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), e -> { DomainEvent d = e; seen.accept(d.kind()); });
            conn.on(List.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT, DomainEvent.LIFECYCLE), e -> seen.accept(e.domain()));
            conn.on(Arrays.asList(DomainEvent.LIFECYCLE, DomainEvent.TUNABLE), e -> seen.accept(e.domain()));
            conn.on(Set.of(DomainEvent.LIFECYCLE, NetworkEvent.LIFECYCLE, StoragePoolEvent.REFRESH), e -> seen.accept(e.kind()));
            conn.on(kinds, e -> seen.accept(e.domain()));
            conn.on(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, e -> seen.accept(e.domain()));
            domain.on(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, Delivery.direct(), seen::accept);
            var kind = flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT; conn.on(kind, e -> seen.accept(e.domain()));
            EventKind<?> any = DomainEvent.LIFECYCLE; conn.on(any, e -> seen.accept(e.kind()));
            EventKind<? extends DomainEvent> some = DomainEvent.LIFECYCLE; domain.on(some, e -> seen.accept(e.domain()));
            conn.on(switch (1) { case 0 -> DomainEvent.REBOOT; default -> DomainEvent.LIFECYCLE; }, e -> seen.accept(e.domain()));
            conn.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle e) -> seen.accept(e.type()));
            conn.on(DomainEvent.LIFECYCLE, (DomainEvent e) -> seen.accept(e.domain()));
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), (DomainEvent e) -> seen.accept(e.domain()));
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), (Event e) -> seen.accept(e));
            conn.<DomainEvent>on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), e -> seen.accept(e.domain()));
            conn.on(DomainEvent.LIFECYCLE, list::add);
            domain.on(DomainEvent.LIFECYCLE, Delivery.direct(), list::add);
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), list::add);
            List<DomainEvent> l = new Told<>(seen); conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), l::add);
            List<DomainEvent.Lifecycle> l = new Told<>(seen); conn.on(DomainEvent.LIFECYCLE, l::add);
            var future = new CompletableFuture<DomainEvent.Lifecycle>(); domain.on(DomainEvent.LIFECYCLE, future::complete); future.thenAccept(seen);
            conn.on(DomainEvent.LIFECYCLE, new PrintStream(new Out(seen), true)::println);
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), new PrintStream(new Out(seen), true)::println);
            conn.on(DomainEvent.LIFECYCLE, new Overloaded(seen)::handle);
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), new Overloaded(seen)::handle);
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), e -> new Overloaded(seen).handle(e));
            conn.on(DomainEvent.LIFECYCLE, e -> { seen.accept(e); Thread.sleep(0); if (e.rawType() == -7) throw new IOException(); });
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.METADATA_CHANGE), e -> { switch (e) { case DomainEvent.Lifecycle c -> seen.accept(c.type()); case DomainEvent.MetadataChange m -> seen.accept(m.type()); default -> {} } });
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.direct(), e -> { if (e instanceof DomainEvent.Lifecycle(var d, var type, var detail)) seen.accept(d.name() + type + detail); });
            conn.on(Set.of(DomainEvent.LIFECYCLE, NetworkEvent.LIFECYCLE), e -> seen.accept(switch ((Event) e) { case DomainEvent d -> d.domain(); case NetworkEvent n -> n.network(); case Event other -> other.kind(); }));
            EventHandler<Object> h = seen::accept; conn.on(DomainEvent.LIFECYCLE, h); domain.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), h);
            EventHandler<Event> h = e -> seen.accept(e.kind()); domain.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.direct(), h);
            EventHandler<DomainEvent> h = flag ? e -> seen.accept(e.domain()) : e -> {}; conn.on(DomainEvent.LIFECYCLE, h);
            conn.on(DomainEvent.LIFECYCLE, flag ? e -> seen.accept(e.domain()) : e -> {});
            conn.on(DomainEvent.LIFECYCLE, Delivery.queued(1), new EventHandler<>() { public void on(DomainEvent.Lifecycle e) { seen.accept(e); } @Override public void lost(long n) {} });
            conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), new EventHandler<DomainEvent>() { public void on(DomainEvent e) { seen.accept(e); } });
            helper(conn, DomainEvent.LIFECYCLE, e -> seen.accept(e.type())); helper(domain, DomainEvent.LIFECYCLE, seen::accept);
            helper(conn, flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, e -> seen.accept(e.domain()));
            EventSource<? super DomainEvent> source = flag ? conn : domain; source.on(DomainEvent.LIFECYCLE, e -> seen.accept(e.type()));
            conn.onWithSelf(DomainEvent.LIFECYCLE, (self, e) -> { self.close(); conn.on(DomainEvent.REBOOT, r -> {}).close(); seen.accept(e); });
            var own = new Registration[1]; own[0] = conn.on(DomainEvent.LIFECYCLE, _ -> seen.accept(own));
            conn.onWithSelf(DomainEvent.LIFECYCLE, (self, e) -> { self.close(); seen.accept(e.type()); });
            domain.onWithSelf(DomainEvent.LIFECYCLE, Delivery.direct(), (self, e) -> { self.close(); seen.accept(e.type()); });
            conn.onWithSelf(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), (self, e) -> { self.close(); seen.accept(e.domain()); });
            conn.onWithSelf(List.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.direct(), (Registration self, DomainEvent e) -> seen.accept(e.domain()));
            conn.onWithSelf(DomainEvent.LIFECYCLE, new Overloaded(seen)::withSelf);
            conn.onWithSelf(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, new Overloaded(seen)::withSelf);
            var queue = conn.queue(DomainEvent.LIFECYCLE, 10); take(() -> seen.accept(queue.take().type()));
            var queue = domain.queue(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), 10); take(() -> seen.accept(queue.take().domain()));
            EventQueue<DomainEvent> queue = conn.queue(List.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.queued(3)); take(() -> { switch (queue.take()) { case DomainEvent.Lifecycle c -> seen.accept(c); case DomainEvent e -> {} } });
            EventQueue<? extends DomainEvent> queue = domain.queue(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT, Delivery.queued(3)); take(() -> seen.accept(queue.take().domain()));
            subscribe(conn.publisher(DomainEvent.LIFECYCLE), e -> { if (e instanceof EventOrGap.Happened(var event)) seen.accept(event.type()); });
            subscribe(domain.publisher(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), Delivery.queued(5)), e -> { if (e instanceof EventOrGap.Happened(var event)) seen.accept(event.domain()); });
            Flow.Publisher<EventOrGap<DomainEvent>> p = conn.publisher(List.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT)); subscribe(p, e -> { switch (e) { case EventOrGap.Happened(DomainEvent.Lifecycle event) -> seen.accept(event); case EventOrGap.Happened(var event) -> {} case EventOrGap.Missing(var events) -> {} } });
            subscribe(conn.publisher(flag ? DomainEvent.LIFECYCLE : DomainEvent.REBOOT), seen);
            domain.console().screenshot(0, b -> { b.position(b.limit()); seen.accept(b); });
            try { domain.console().screenshot(0, b -> { throw new IOException(); }); } catch (IOException e) { seen.accept(e); }
            try { domain.console().screenshot(0, (ByteBuffer b) -> { throw new InterruptedException(); }); } catch (InterruptedException e) { seen.accept(e); }
            domain.console().screenshot(0, new Overloaded(seen)::write);
            ThrowingSink sink = b -> { throw new TimeoutException(); }; try { domain.console().screenshot(0, sink); } catch (Exception e) { if (e instanceof TimeoutException) seen.accept(e); }
            try (var s = conn.newStream()) { domain.console().screenshot(s, 0); s.receiveAll(b -> { b.position(b.limit()); seen.accept(b); }); s.finish(); }
            Connect.to("test:///default").authenticator(c -> {}).open().close(); seen.accept(conn);
            Connect.to("test:///default").authenticator(Authenticator.of("fred", new char[3])).readOnly().open().close(); seen.accept(conn);
            ThrowingAuthenticator answers = c -> {}; try { Connect.to("test:///default").authenticator(answers).open().close(); } catch (Exception e) { return; } seen.accept(conn);
            """;

    private static final String HELPERS = """
            interface Taking { void take() throws Exception; }
            static void take(Taking taking) {
                Thread.startVirtualThread(() -> { try { taking.take(); } catch (Exception e) { } });
            }
            static <T> void subscribe(Flow.Publisher<T> publisher, Consumer<? super T> seen) {
                publisher.subscribe(new Flow.Subscriber<T>() {
                    @Override public void onSubscribe(Flow.Subscription s) { s.request(Long.MAX_VALUE); }
                    @Override public void onNext(T t) { seen.accept(t); }
                    @Override public void onError(Throwable t) { }
                    @Override public void onComplete() { }
                });
            }
            static <E extends DomainEvent> void helper(EventSource<? super DomainEvent> at, EventKind<? extends E> kind, EventHandler<? super E> handler) {
                at.on(kind, handler).close();
                at.on(Set.of(kind), Delivery.direct(), handler);
            }
            static final class Told<T> extends ArrayList<T> {
                final transient Consumer<Object> seen;
                Told(Consumer<Object> seen) { this.seen = seen; }
                @Override public boolean add(T t) { seen.accept(t); return true; }
            }
            static final class Out extends OutputStream {
                final Consumer<Object> seen;
                Out(Consumer<Object> seen) { this.seen = seen; }
                @Override public void write(int b) { seen.accept(b); }
            }
            record Overloaded(Consumer<Object> seen) {
                void handle(Object o) { seen.accept(o); }
                void handle(Event e) { seen.accept(e); }
                boolean handle(DomainEvent e) { seen.accept(e); return true; }
                void handle(DomainEvent.Lifecycle e) throws IOException { seen.accept(e); }
                void handle(DomainEvent.Lifecycle e, Registration r) { }
                void withSelf(Registration self, DomainEvent e) { self.close(); seen.accept(e.domain()); }
                void withSelf(DomainEvent e, Registration self) { }
                void write(ByteBuffer b) { b.position(b.limit()); seen.accept(b); }
                void write(String s) throws IOException { }
            }
            """;

    /// Each line is one mistake, and what the compiler is to say of it, once.
    private static final Map<String, String> WRONG = new LinkedHashMap<>();

    private static final Map<String, String> THROWING = new LinkedHashMap<>();

    static {
        WRONG.put("domain.on(NetworkEvent.LIFECYCLE, e -> {});", "upper bounds: DomainEvent");
        WRONG.put("domain.queue(NetworkEvent.LIFECYCLE, 3);", "upper bounds: DomainEvent");
        WRONG.put("conn.on(DomainEvent.LIFECYCLE, e -> e.nothing());", "cannot find symbol");
        WRONG.put("conn.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), e -> e.type());", "cannot find symbol");
        WRONG.put("conn.on(DomainEvent.LIFECYCLE, (self, e) -> {});", "incompatible parameter types in lambda");
        WRONG.put("conn.onWithSelf(DomainEvent.LIFECYCLE, e -> {});", "incompatible parameter types in lambda");
        WRONG.put("conn.onWithSelf(DomainEvent.LIFECYCLE, (self, e) -> e.close());", "cannot find symbol");
        WRONG.put("conn.on(\"lifecycle\", e -> {});", "no suitable method found for on(String,(e)->{ })");
        WRONG.put("conn.on(\"lifecycle\", Delivery.queued(), e -> {});", "no suitable method found for on(String,");
        WRONG.put("conn.on(DomainEvent.LIFECYCLE);", "no suitable method found for on(EventKind<Lifecycle>)");
        WRONG.put("conn.on(DomainEvent.LIFECYCLE, Delivery.queued());", "no suitable method found for on(");
        WRONG.put("conn.on(DomainEvent.LIFECYCLE, 4096, e -> {});", "no suitable method found for on(");
        WRONG.put("conn.on(Set.of(DomainEvent.LIFECYCLE), null, Delivery.queued(), e -> {});", "no suitable method");
        WRONG.put("conn.on(Set.of(DomainEvent.LIFECYCLE, \"reboot\"), e -> {});", "no suitable method found for on(");
        WRONG.put("EventHandler<DomainEvent.Reboot> h = e -> {}; conn.on(DomainEvent.LIFECYCLE, h);", "no suitable");
        WRONG.put("conn.queue(DomainEvent.LIFECYCLE, Delivery.direct());", "no suitable method found for queue(");
        WRONG.put("conn.queue(DomainEvent.LIFECYCLE);", "no suitable method found for queue(");
        WRONG.put("String s = conn.queue(DomainEvent.LIFECYCLE, 3).take();", "Lifecycle cannot be converted to String");
        WRONG.put("stream.receiveAll(b -> b.nothing());", "cannot find symbol");
        WRONG.put("stream.receiveAll((a, b) -> {});", "incompatible parameter types in lambda");
        WRONG.put("stream.sendAll(b -> {});", "bad return type in lambda expression");
        WRONG.put("Connect.to(\"\").authenticator(c -> c.nothing()).open();", "cannot find symbol");
        THROWING.put("stream.receiveAll(b -> { throw new IOException(); });", "unreported exception IOException");
        THROWING.put(
                "domain.console().screenshot(0, b -> { throw new IOException(); });",
                "unreported exception IOException");
        THROWING.put("ThrowingSink sink = b -> {}; stream.receiveAll(sink);", "unreported exception Exception");
        THROWING.put(
                "Connect.to(\"\").authenticator(c -> { throw new IOException(); }).open();", "unreported exception");
    }

    /// Arguments that are wrong for nearly every method.
    private static final List<String> ARGUMENTS = List.of("new int[0][0], e -> {}", "new int[0][0], null, e -> e.x()");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isTakenByTheCompilerAndRuns(boolean withJSpecify) throws Exception {
        List<String> programs = RIGHT.lines().toList();
        var source = new StringBuilder(IMPORTS + "public class Right {\n" + HELPERS);
        for (int i = 0; i < programs.size(); i++) {
            source.append("public static void p%d(Connect conn, Domain domain, boolean flag, Consumer<Object> seen,"
                            .formatted(i))
                    .append(" Set<EventKind<? extends DomainEvent>> kinds, List<Object> list) throws Exception {\n")
                    .append(programs.get(i))
                    .append("\n}\n");
        }
        Class<?> right =
                Javac.load(folder, withJSpecify, "Right", source.append("}\n").toString());
        Set<Integer> unseen = ConcurrentHashMap.newKeySet();
        var all = new CountDownLatch(programs.size());
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            for (Method method : right.getMethods()) {
                if (method.getName().matches("p\\d+")) {
                    int i = Integer.parseInt(method.getName().substring(1));
                    unseen.add(i);
                    Consumer<Object> told = _ -> {
                        if (unseen.remove(i)) {
                            all.countDown();
                        }
                    };
                    List<Object> list = new ArrayList<>() {
                        @Override
                        public boolean add(Object o) {
                            told.accept(o);
                            return true;
                        }
                    };
                    method.invoke(
                            null, connect, domain, true, told, Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT), list);
                }
            }
            domain.suspend();
            domain.resume();
            all.await(10, TimeUnit.SECONDS);
        }
        assertThat(unseen.stream().map(programs::get)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isExplainedByTheCompilerWhenItIsWrong(boolean withJSpecify) throws Exception {
        // Of exceptions the compiler only speaks where all else is right.
        assertExplained(withJSpecify, WRONG);
        assertExplained(withJSpecify, THROWING);
    }

    private void assertExplained(boolean withJSpecify, Map<String, String> wrong) throws Exception {
        List<String> programs = List.copyOf(wrong.keySet());
        String head = IMPORTS + "class Wrong {\n";
        int before = (int) head.lines().count();
        String source = IntStream.range(0, programs.size())
                .mapToObj(i ->
                        "void p%d(Connect conn, Domain domain, Stream stream) { %s }\n".formatted(i, programs.get(i)))
                .collect(Collectors.joining("", head, "}\n"));
        Map<String, List<String>> told = Javac.compile(folder, withJSpecify, "Wrong", source).stream()
                .filter(message -> message.line() > before)
                .collect(Collectors.groupingBy(
                        message -> programs.get(message.line() - before - 1),
                        Collectors.mapping(Javac.Message::text, Collectors.toList())));
        assertThat(told).containsOnlyKeys(programs);
        told.forEach((program, messages) -> assertThat(messages)
                .as(program)
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(Objects.requireNonNull(wrong.get(program))));
    }

    /// Where it cannot read JSpecify's annotations, the compiler keeps silent of a mistake that a less
    /// visible method of the same name has to do with, and breaks down if that mistake is the only one.
    @Test
    void isWrongWithAndWithoutJSpecify() throws Exception {
        List<String> calls = new ArrayList<>();
        for (Class<?> type : handwritten()) {
            for (String name : overloaded(type)) {
                for (String arguments : ARGUMENTS) {
                    calls.add("void p%d(%s it) { it.%s(%s); }"
                            .formatted(calls.size(), type.getCanonicalName(), name, arguments));
                }
            }
        }
        String source = "class Calls {\n" + String.join("\n", calls) + "\n}\n";
        List<Set<String>> wrong = new ArrayList<>();
        for (boolean withJSpecify : new boolean[] {true, false}) {
            wrong.add(Javac.compile(folder, withJSpecify, "Calls", source).stream()
                    .filter(message -> message.line() > 1)
                    .map(message -> calls.get(message.line() - 2))
                    .collect(Collectors.toSet()));
        }
        Set<String> silent = new TreeSet<>(wrong.getFirst());
        silent.removeAll(wrong.getLast());
        assertThat(silent).isEmpty();
        assertThat(wrong.getFirst()).hasSizeGreaterThan(calls.size() / 2);
    }

    /// A lambda whose parameter is an intersection, such as `Record & DomainEvent`, has the first of its
    /// types in the class file. If that is not below the bound of the functional interface, the lambda fails
    /// when it is linked.
    @Test
    void hasNoHandlerWhoseParametersAreBounded() throws Exception {
        Set<String> bounded = new TreeSet<>();
        for (Class<?> type : handwritten()) {
            for (Method method : isFunctional(type) ? type.getMethods() : new Method[0]) {
                Stream.concat(
                                Arrays.stream(method.getGenericParameterTypes()),
                                Stream.of(method.getGenericReturnType()))
                        .filter(t -> Modifier.isAbstract(method.getModifiers())
                                && t instanceof TypeVariable<?> variable
                                && !variable.getBounds()[0].equals(Object.class))
                        .forEach(t -> bounded.add(method.toGenericString()));
            }
        }
        assertThat(bounded).isEmpty();
    }

    private static boolean isFunctional(Class<?> type) {
        return type.isInterface()
                && Arrays.stream(type.getMethods())
                                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                                .count()
                        == 1;
    }

    @Test
    void takesACopyOfTheKinds() throws Exception {
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            List<EventKind<DomainEvent.Lifecycle>> kinds = new ArrayList<>();
            kinds.add(DomainEvent.LIFECYCLE);
            kinds.add(DomainEvent.LIFECYCLE);
            EventQueue<DomainEvent.Lifecycle> queue = domain.queue(kinds, 10);
            kinds.clear();
            domain.suspend();
            assertThat(queue.take().domain().uuid()).isEqualTo(domain.uuid());
            domain.resume();
            assertThat(queue.take().type()).isEqualTo(DomainEventType.RESUMED);
            queue.close();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // That is the test.
    void refusesNullAtOnce() {
        try (Connect connect = Connect.open("test:///default")) {
            assertThatNullPointerException().isThrownBy(() -> connect.on(DomainEvent.LIFECYCLE, null));
            assertThatNullPointerException().isThrownBy(() -> connect.onWithSelf(DomainEvent.LIFECYCLE, null));
            assertThatNullPointerException().isThrownBy(() -> connect.on(DomainEvent.LIFECYCLE, null, _ -> {}));
            assertThatNullPointerException().isThrownBy(() -> connect.on((EventKind<DomainEvent>) null, _ -> {}));
            assertThat(Libvirt.closuresOnLoan()).isZero();
        }
    }

    /// Names of public methods that more than one method has.
    private static Set<String> overloaded(Class<?> type) {
        Map<String, Set<String>> methods = new HashMap<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            Stream.concat(Arrays.stream(at.getMethods()), Arrays.stream(at.getDeclaredMethods()))
                    .filter(method -> method.getDeclaringClass() != Object.class && !method.isSynthetic())
                    .forEach(method -> methods.computeIfAbsent(method.getName(), _ -> new HashSet<>())
                            .add(Arrays.toString(method.getParameterTypes())));
        }
        return Arrays.stream(type.getMethods())
                .map(Method::getName)
                .filter(name -> methods.getOrDefault(name, Set.of()).size() > 1)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Class<?>> handwritten() throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        for (String folder : List.of("", "/event")) {
            try (Stream<Path> files = Files.list(Javac.library().resolve("io/github/libvirt4j" + folder))) {
                for (Path file : files.sorted().toList()) {
                    String name = Objects.requireNonNull(file.getFileName()).toString();
                    if (name.endsWith(".class") && !name.endsWith("-info.class")) {
                        Class<?> type = Class.forName(
                                "io.github.libvirt4j%s.%s"
                                        .formatted(folder.replace('/', '.'), name.replace(".class", "")),
                                false,
                                EventSourceTest.class.getClassLoader());
                        if (isPublic(type) && !name.contains("Test")) {
                            classes.add(type);
                        }
                    }
                }
            }
        }
        return classes;
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass() && (outer == null || isPublic(outer));
    }
}
