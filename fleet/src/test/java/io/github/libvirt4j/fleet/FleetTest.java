package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FleetTest {
    private static final String EMBEDDED = "test:///default";
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Tape tape = new Tape();

    private static String xml(UUID uuid) {
        return """
                <domain type='test'>
                  <name>fleet-%s</name><uuid>%1$s</uuid>
                  <memory unit='MiB'>1</memory>
                  <os><type>hvm</type></os>
                </domain>
                """.formatted(uuid);
    }

    /// A host of the embedded driver, with running domains of its own.
    private Host node(String name, int domains) {
        var xml = new StringBuilder("<node>\n");
        for (int i = 0; i < domains; i++) {
            xml.append(xml(UUID.nameUUIDFromBytes((name + i).getBytes(StandardCharsets.UTF_8))));
        }
        Path file = folder.resolve(name + ".xml");
        try {
            Files.writeString(file, xml.append("</node>\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Host(name, "test://" + file);
    }

    private Fleet.Steps fleet(Host... hosts) {
        return Fleet.of(List.of(hosts)).to(tape).worker("worker 1");
    }

    // Hosts and their domains.

    @Test
    void tellsOfAllDomainsOfAllHosts() throws Exception {
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hosts.add(node("h" + i, 50 + i));
        }
        try (Fleet fleet = Fleet.of(hosts).to(tape).start()) {
            for (int i = 0; i < 20; i++) {
                HostRecord up = tape.await("h" + i, HostStatus.UP);
                assertThat(up.domains()).isEqualTo(50 + i);
                assertThat(up.asOf()).isEmpty();
                assertThat(tape.table("h" + i))
                        .hasSize(50 + i)
                        .allSatisfy((_, view) -> assertThat(view.state()).isEqualTo(DomainState.RUNNING));
            }
            assertThat(fleet.hosts()).hasSize(20).allSatisfy(view -> {
                assertThat(view.status()).isEqualTo(HostStatus.UP);
                assertThat(view.domains().get(DomainState.RUNNING)).isGreaterThanOrEqualTo(50);
                assertThat(view.link()).isInstanceOf(LinkState.Up.class);
                assertThat(view.gaps()).isZero();
            });
            assertThat(fleet.hosts()).extracting(view -> view.host().name()).isSorted();
        }
        assertThat(tape.isClosed()).isTrue();
        assertThat(tape.all(DomainRecord.class))
                .hasSize(20 * 50 + 190)
                .allSatisfy(record -> assertThat(record.why()).isInstanceOf(Why.Resync.class));
        // Each host once before the first connection, once up, and once at the end.
        assertThat(tape.all(GapRecord.class))
                .hasSize(20)
                .allMatch(record -> record.gap().cause() == Gap.Cause.BEGINNING);
        assertThat(tape.all(HostRecord.class)).hasSize(40);
        assertThat(tape.all(HostRecord.class).subList(20, 40)).allSatisfy(record -> {
            assertThat(record.status()).isEqualTo(HostStatus.UNWATCHED);
            assertThat(record.asOf()).contains(record.since());
        });
    }

    @Test
    void tellsOfEventsAndOfWhatTheyHaveChanged() throws Exception {
        UUID uuid = UUID.randomUUID();
        var host = new Host("alpha", EMBEDDED, Map.of("rack", "r1"));
        try (Connect connect = Connect.open(EMBEDDED);
                Fleet fleet = fleet(host).start()) {
            HostRecord up = tape.await("alpha", HostStatus.UP);
            assertThat(up.labels()).isEqualTo(Map.of("rack", "r1"));
            assertThat(up.worker()).isEqualTo("worker 1");
            try (Domain domain = connect.domains().define(xml(uuid))) {
                tape.await(DomainRecord.class, record -> isOf(record, uuid, DomainState.SHUTOFF));
                domain.create();
                DomainRecord running =
                        tape.await(DomainRecord.class, record -> isOf(record, uuid, DomainState.RUNNING));
                assertThat(running.why()).isInstanceOf(Why.Told.class);
                assertThat(running.origin().generation()).isEqualTo(1);
                assertThat(fleet.hosts().getFirst().events()).isPositive();
                domain.destroy();
                tape.await(
                        DomainRecord.class,
                        record -> isOf(record, uuid, DomainState.SHUTOFF)
                                && record.origin().seq() > running.origin().seq());
                domain.undefine();
            }
            RemovalRecord removal = tape.await(
                    RemovalRecord.class, record -> record.last().domain().uuid().equals(uuid));
            assertThat(removal.finalStateUnknown()).isFalse();
            tape.await(EventRecord.class, record -> CloudEvents.type(record).endsWith(".undefined"));
            assertThat(tape.table("alpha")).doesNotContainKey(uuid);
        }
        assertThat(tape.all(EventRecord.class).stream()
                        .filter(record -> record.event().domain().uuid().equals(uuid))
                        .map(CloudEvents::type))
                .containsExactly(
                        "io.github.libvirt4j.domain.defined",
                        "io.github.libvirt4j.domain.started",
                        "io.github.libvirt4j.domain.stopped",
                        "io.github.libvirt4j.domain.undefined");
    }

    private static boolean isOf(DomainRecord record, UUID domain, DomainState state) {
        return record.now().domain().uuid().equals(domain) && record.now().state() == state;
    }

    @Test
    void writesLinesOfJson() throws Exception {
        var out = new ByteArrayOutputStream();
        try (Fleet fleet =
                Fleet.of(List.of(node("alpha", 3))).to(JsonLines.to(out)).start()) {
            awaitUp(fleet);
            assertThat(fleet.flush(LONG)).isTrue();
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(6).allSatisfy(Samples::assertFits);
        assertThat(lines).filteredOn(line -> line.contains("domain.state")).hasSize(3);
        assertThat(lines).last().asString().contains("host.unwatched");
    }

    /// It throws no exception itself.
    @Test
    void aFailureOfAPrintStreamIsOne() throws Exception {
        List<FleetRecord> records = List.of(Samples.event("alpha", 1, 1));
        var out = new ByteArrayOutputStream();
        JsonLines.to(new PrintStream(out, false, StandardCharsets.UTF_8)).write(records);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
        var writes = new AtomicInteger();
        JsonLines broken = JsonLines.to(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        writes.incrementAndGet();
                        throw new IOException("on purpose");
                    }
                },
                false,
                StandardCharsets.UTF_8));
        for (int i = 0; i < 2; i++) {
            assertThatIOException()
                    .isThrownBy(() -> broken.write(records))
                    .withMessageStartingWith("The stream has failed");
        }
        assertThat(writes).hasValue(1);
    }

    // A host that is down.

    @Test
    void aHostThatGoesDownIsOneRecord() throws Exception {
        UUID uuid = UUID.randomUUID();
        try (SessionDaemon daemon = SessionDaemon.start();
                Fleet fleet = fleet(new Host("alpha", daemon.unixUri(EMBEDDED))).start()) {
            tape.await("alpha", HostStatus.UP);
            try (Connect connect = Connect.open(daemon.unixUri(EMBEDDED));
                    Domain domain = connect.domains().define(xml(uuid))) {
                domain.create();
            }
            tape.await(DomainRecord.class, record -> isOf(record, uuid, DomainState.RUNNING));
            tape.forget();
            daemon.kill();
            HostRecord down = tape.await("alpha", HostStatus.DOWN);
            assertThat(down.asOf()).contains(down.since());
            assertThat(down.domains()).isEqualTo(2);
            assertThat(down.failure()).isPresent();
            // Many tries later.
            while (!(fleet.hosts().getFirst().link() instanceof LinkState.Down link && link.tries() >= 5)) {
                Thread.sleep(1);
            }
            assertThat(fleet.flush(LONG)).isTrue();
            assertThat(tape.all())
                    .filteredOn(record -> !(record instanceof EventRecord))
                    .containsExactly(down);
            assertThat(fleet.hosts().getFirst().status()).isEqualTo(HostStatus.DOWN);
            daemon.restart();
            HostRecord up = tape.await("alpha", HostStatus.UP);
            assertThat(up.origin().generation()).isGreaterThan(1);
            assertThat(up.origin().seq()).isGreaterThan(down.origin().seq());
            // The test driver of the new daemon has never heard of the domain.
            RemovalRecord removal = tape.await(RemovalRecord.class, _ -> true);
            assertThat(removal.last().domain().uuid()).isEqualTo(uuid);
            assertThat(removal.finalStateUnknown()).isTrue();
            GapRecord gap = tape.await(GapRecord.class, _ -> true);
            assertThat(gap.gap().cause()).isEqualTo(Gap.Cause.DISCONNECTED);
            assertThat(gap.count()).isEmpty();
            assertThat(fleet.hosts().getFirst().gaps()).isEqualTo(1);
        }
        assertThat(tape.all(HostRecord.class))
                .extracting(HostRecord::status)
                .containsExactly(HostStatus.DOWN, HostStatus.UP, HostStatus.UNWATCHED);
    }

    @Test
    void aHostThatWasNeverUpIsOneRecordToo() throws Exception {
        try (Fleet fleet = fleet(new Host("alpha", "test+unix:///default?socket=/nowhere/socket"), node("beta", 1))
                .start()) {
            HostRecord down = tape.await("alpha", HostStatus.DOWN);
            assertThat(down.failure().orElseThrow()).contains("/nowhere/socket");
            assertThat(down.asOf()).isEmpty();
            while (!(fleet.hosts().getFirst().link() instanceof LinkState.Down link && link.tries() >= 4)) {
                Thread.sleep(1);
            }
            tape.await("beta", HostStatus.UP);
        }
        assertThat(tape.all().stream().filter(record -> record.origin().host().equals("alpha")))
                .hasSize(2);
    }

    /// The test driver has no monitor.
    @Test
    void aHostThatRefusesAKindOfEventsIsDown() throws Exception {
        try (Fleet _ = fleet(new Host("alpha", EMBEDDED))
                .kinds(List.of(DomainEvent.LIFECYCLE, DomainEvent.QEMU_MONITOR))
                .start()) {
            assertThat(tape.await("alpha", HostStatus.DOWN).failure().orElseThrow())
                    .contains("not supported");
        }
        assertThat(tape.all(HostRecord.class)).hasSize(2);
        assertThat(tape.all(DomainRecord.class)).isEmpty();
    }

    // The inventory.

    @Test
    void theInventoryCanChange() throws Exception {
        Host alpha = node("alpha", 1);
        Host beta = node("beta", 2);
        Host gamma = node("gamma", 3);
        try (Fleet fleet = fleet(alpha, beta).start()) {
            HostRecord ofAlpha = tape.await("alpha", HostStatus.UP);
            HostRecord ofBeta = tape.await("beta", HostStatus.UP);
            tape.forget();
            Host moved = new Host("beta", gamma.uri(), Map.of("was", "beta"));
            fleet.update(List.of(moved, alpha, gamma));
            tape.await("gamma", HostStatus.UP);
            HostRecord again = tape.await("beta", HostStatus.UP);
            assertThat(again.origin().epoch()).isGreaterThan(ofBeta.origin().epoch());
            assertThat(again.domains()).isEqualTo(5);
            // The domains of the old place are known and not there; those of the new one are new.
            tape.await(
                    RemovalRecord.class,
                    record -> record.last()
                            .domain()
                            .name()
                            .equals("fleet-" + UUID.nameUUIDFromBytes("beta0".getBytes(StandardCharsets.UTF_8))));
            tape.await(
                    RemovalRecord.class,
                    record -> record.last()
                            .domain()
                            .name()
                            .equals("fleet-" + UUID.nameUUIDFromBytes("beta1".getBytes(StandardCharsets.UTF_8))));
            assertThat(fleet.flush(LONG)).isTrue();
            assertThat(tape.table("beta")).hasSize(3);
            // A host that is the same is not touched.
            assertThat(tape.all()).noneMatch(record -> record.origin().host().equals("alpha"));
            fleet.update(List.of(gamma));
            HostRecord end = tape.await("alpha", HostStatus.UNWATCHED);
            assertThat(end.origin().epoch()).isEqualTo(ofAlpha.origin().epoch());
            assertThat(end.domains()).isEqualTo(1);
            tape.await("beta", HostStatus.UNWATCHED);
            assertThat(fleet.hosts()).extracting(HostView::host).containsExactly(gamma);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fleet.update(List.of(alpha, new Host("alpha", "test:///other"))))
                    .withMessage("Two hosts are called 'alpha'; each needs a name of its own");
        }
    }

    /// The domain is gone while the host is not in the inventory, and while its new place cannot be opened.
    @Test
    void aHostThatComesBackTellsOfRemovals() throws Exception {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        var host = new Host("alpha", EMBEDDED);
        var broken = new AtomicBoolean();
        try (Connect connect = Connect.open(EMBEDDED);
                Domain goesFirst = connect.domains().define(xml(first));
                Domain goesNext = connect.domains().define(xml(second));
                Fleet fleet = fleet(host)
                        .opening(opening -> {
                            if (broken.get()) {
                                throw new IllegalStateException("on purpose");
                            }
                            return opening;
                        })
                        .start()) {
            tape.await("alpha", HostStatus.UP);
            fleet.update(List.of());
            goesFirst.undefine();
            fleet.update(List.of(host));
            tape.await(
                    RemovalRecord.class, record -> record.last().domain().uuid().equals(first));
            broken.set(true);
            assertThatIllegalStateException()
                    .isThrownBy(() -> fleet.update(List.of(new Host("alpha", EMBEDDED, Map.of("rack", "r1")))));
            goesNext.undefine();
            broken.set(false);
            fleet.update(List.of(host));
            tape.await(
                    RemovalRecord.class, record -> record.last().domain().uuid().equals(second));
        }
    }

    /// Its worker was killed, and nobody has told that the host is not watched.
    @Test
    void aHostThatWasUpIsDownUntilItsFirstList() throws Exception {
        var up = new Known(List.of(), Optional.of(HostStatus.UP));
        try (Fleet fleet = fleet().opening(this::openAfterDown).start()) {
            fleet.assign(node("alpha", 1), 7, () -> up);
            assertThat(tape.await("alpha", HostStatus.UP).origin().epoch()).isEqualTo(7);
        }
        assertThat(tape.all(HostRecord.class))
                .extracting(HostRecord::status)
                .containsExactly(HostStatus.DOWN, HostStatus.UP, HostStatus.UNWATCHED);
        HostRecord down = tape.all(HostRecord.class).getFirst();
        assertThat(down.origin().epoch()).isEqualTo(7);
        assertThat(down.failure().orElseThrow()).contains("not watched since");
    }

    /// Its record says so: another assignment before the first list needs none.
    @Test
    void aHostThatWasUpIsKnownAsDown() {
        var up = new Known(List.of(), Optional.of(HostStatus.UP));
        var outbox = new Outbox(tape, 1, Retry.exponential());
        var watch = new HostWatch(node("alpha", 1), 7, up, fleet(), outbox);
        assertThat(watch.known()).isEqualTo(up);
        watch.begin();
        assertThat(outbox.unwritten("alpha")).hasSize(1);
        assertThat(watch.known().status()).contains(HostStatus.DOWN);
    }

    private Opening<?> openAfterDown(Opening<?> opening) {
        try {
            tape.await("alpha", HostStatus.DOWN);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return opening;
    }

    @Test
    void anUpdateGoesOnAfterAHostThatCannotBeOpened() throws Exception {
        var broken = new AtomicInteger(2);
        List<Host> all = List.of(node("alpha", 1), node("beta", 1), node("gamma", 1));
        try (Fleet fleet = fleet().opening(opening -> {
                    if (broken.decrementAndGet() == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    return opening;
                })
                .start()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> fleet.update(all))
                    .withMessage("on purpose");
            tape.await("alpha", HostStatus.UP);
            tape.await("gamma", HostStatus.UP);
            assertThat(fleet.hosts()).extracting(view -> view.host().name()).containsExactly("alpha", "gamma");
            fleet.update(all);
            tape.await("beta", HostStatus.UP);
        }
    }

    /// The function of the program throws when nobody is there any more to receive the exception.
    @Test
    void aHostIsOpenedAgainUntilItIsOpen() throws Exception {
        var broken = new AtomicInteger(3);
        Fleet.Steps settings = fleet().opening(opening -> {
            if (broken.decrementAndGet() > 0) {
                throw new IllegalStateException("on purpose");
            }
            return opening;
        });
        var outbox = new Outbox(tape, 10, Retry.exponential());
        outbox.start();
        try (Fleet fleet = settings.start()) {
            var watch = new HostWatch(node("alpha", 1), 7, Known.NOTHING, settings, outbox);
            fleet.openAgain(watch, Duration.ofMillis(1));
            tape.await("alpha", HostStatus.UP);
            watch.unwatch();
            watch.close();
        }
        outbox.close(LONG);
    }

    @Test
    void aLostHostHasNoMoreRecords() throws Exception {
        var gate = new Semaphore(0);
        Host alpha = node("alpha", 100);
        try (Fleet fleet = slow(gate)) {
            fleet.assign(node("other", 0), 7, () -> Known.NOTHING);
            // A batch of the other host is being written, and all of this one waits.
            while (!gate.hasQueuedThreads()) {
                Thread.sleep(1);
            }
            fleet.assign(alpha, 7, () -> Known.NOTHING);
            awaitUp(fleet);
            fleet.lose("alpha");
            fleet.lose("alpha");
            fleet.unassign("alpha");
            assertThat(fleet.hosts()).extracting(view -> view.host().name()).containsExactly("other");
            gate.release(1_000_000);
            assertThat(fleet.flush(LONG)).isTrue();
            assertThat(tape.all()).noneMatch(record -> record.origin().host().equals("alpha"));
            fleet.assign(alpha, 8, () -> Known.NOTHING);
            assertThat(tape.await("alpha", HostStatus.UP).origin().epoch()).isEqualTo(8);
            assertThat(tape.table("alpha")).hasSize(100);
        }
    }

    /// The written table lacks what waits for the sink, and the next assignment begins with both.
    @Test
    void anAssignmentKnowsWhatIsNotWrittenYet() throws Exception {
        var gate = new Semaphore(0);
        Host alpha = node("alpha", 10);
        try (Fleet fleet = slow(gate)) {
            fleet.assign(alpha, 7, () -> Known.NOTHING);
            awaitUp(fleet);
            fleet.unassign("alpha");
            fleet.assign(alpha, 8, () -> Known.NOTHING);
            awaitUp(fleet);
            gate.release(1_000_000);
            assertThat(fleet.flush(LONG)).isTrue();
            assertThat(tape.table("alpha")).hasSize(10);
            assertThat(tape.all(DomainRecord.class))
                    .isNotEmpty()
                    .allMatch(record -> record.origin().epoch() == 7);
        }
    }

    /// A fleet without hosts, whose sink takes a batch for each permit.
    private Fleet slow(Semaphore gate) throws IOException {
        return Fleet.of(List.of())
                .to(records -> {
                    gate.acquire();
                    tape.write(records);
                })
                .start();
    }

    private static void awaitUp(Fleet fleet) throws InterruptedException {
        while (fleet.hosts().stream()
                .noneMatch(view -> view.host().name().equals("alpha") && view.status() == HostStatus.UP)) {
            Thread.sleep(1);
        }
    }

    @Test
    void aClosedFleetTakesNoHosts() throws Exception {
        Fleet fleet = fleet().start();
        fleet.close();
        fleet.close();
        assertThat(tape.all()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> fleet.assign(node("alpha", 1), 1, () -> Known.NOTHING))
                .withMessage("The fleet is closed");
        fleet.unassign("alpha");
    }

    @Test
    void refusesImpossibleSettings() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Fleet.of(List.of()).start())
                .withMessageContaining("to(sink)");
        assertThatIllegalArgumentException().isThrownBy(() -> fleet().queue(0));
        assertThatIllegalArgumentException().isThrownBy(() -> fleet().kinds(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fleet(node("a", 1), node("a", 1)).start());
        for (String name : List.of("", "a/b", "a b", "ä", "x".repeat(201))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Host(name, EMBEDDED));
        }
        for (String uri : List.of("", " ")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Host("alpha", uri))
                    .withMessageStartingWith("Host 'alpha' has no URI; name its hypervisor");
        }
    }

    /// Nothing goes on that nobody can close.
    @Test
    void aFleetThatCouldNotStartIsClosed() {
        var calls = new AtomicInteger();
        assertThatIllegalStateException()
                .isThrownBy(() -> fleet(node("alpha", 1), node("beta", 1))
                        .opening(opening -> {
                            if (calls.incrementAndGet() == 2) {
                                throw new IllegalStateException("no password");
                            }
                            return opening;
                        })
                        .start())
                .withMessage("no password");
        assertThat(tape.isClosed()).isTrue();
    }

    // The state file.

    @Test
    void aRestartTellsOfRemovalsAndOfNothingThatIsKnown() throws Exception {
        UUID stays = UUID.randomUUID();
        UUID goes = UUID.randomUUID();
        UUID starts = UUID.randomUUID();
        Path state = folder.resolve("state.json");
        var host = new Host("alpha", EMBEDDED);
        try (Connect connect = Connect.open(EMBEDDED)) {
            List<Domain> domains = new ArrayList<>();
            for (UUID uuid : List.of(stays, goes, starts)) {
                domains.add(connect.domains().define(xml(uuid)));
            }
            long epoch;
            try (Fleet _ = fleet(host).state(state).start()) {
                epoch = tape.await("alpha", HostStatus.UP).origin().epoch();
                assertThat(tape.table("alpha")).containsKeys(stays, goes, starts);
            }
            domains.get(1).undefine();
            domains.get(2).create();
            tape.forget();
            try (Fleet fleet = fleet(host).state(state).start()) {
                assertThat(tape.await("alpha", HostStatus.UP).origin().epoch()).isGreaterThan(epoch);
                RemovalRecord removal = tape.await(
                        RemovalRecord.class,
                        record -> record.last().domain().uuid().equals(goes));
                assertThat(removal.finalStateUnknown()).isTrue();
                assertThat(removal.why()).isInstanceOf(Why.Resync.class);
                tape.await(DomainRecord.class, record -> isOf(record, starts, DomainState.RUNNING));
                assertThat(fleet.flush(LONG)).isTrue();
                assertThat(tape.all(DomainRecord.class))
                        .noneMatch(record -> record.now().domain().uuid().equals(stays));
            }
            tape.forget();
            // Nothing has changed since.
            try (Fleet _ = fleet(host).state(state).start()) {
                assertThat(tape.await("alpha", HostStatus.UP).domains()).isGreaterThanOrEqualTo(3);
            }
            assertThat(tape.all(RemovalRecord.class)).isEmpty();
            assertThat(tape.all(DomainRecord.class))
                    .noneMatch(record -> List.of(stays, starts)
                            .contains(record.now().domain().uuid()));
            domains.get(0).undefine();
            domains.get(2).destroy();
            domains.get(2).undefine();
            domains.forEach(Domain::close);
        }
    }

    @Test
    void theFolderOfTheStateFileExists() {
        assertThatThrownBy(() -> fleet(node("alpha", 1))
                        .state(folder.resolve("missing/state.json"))
                        .start())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing: the folder of the state file does not exist");
        assertThat(tape.isClosed()).isFalse();
    }

    /// Of a process that did not end in order, the file tells that it watches; its epoch is in the future.
    @Test
    void aHostThatNobodyWatchesAnyLongerIsToldOf() throws Exception {
        Path file = folder.resolve("state.json");
        long future = System.currentTimeMillis() + 1_000_000;
        Files.writeString(file, """
                {"version":1,"epoch":%d,"hosts":{
                  "alpha":{"status":"UP","domains":[]},
                  "beta":{"status":"UP","domains":[{"name":"d","uuid":"00000000-0000-0000-0000-000000000001",
                    "id":7,"rawState":1,"rawReason":1,"persistent":true,"generation":4,
                    "asOf":"2026-11-29T12:00:00Z"}]},
                  "gamma":{"status":"UNWATCHED","domains":[]}}}
                """.formatted(future));
        try (Fleet _ = fleet(node("alpha", 1)).state(file).start()) {
            HostRecord beta = tape.await("beta", HostStatus.UNWATCHED);
            assertThat(beta.asOf().orElseThrow()).hasToString("2026-11-29T12:00:00Z");
            assertThat(beta.domains()).isEqualTo(1);
            assertThat(beta.origin().epoch()).isGreaterThan(future);
            assertThat(tape.await("alpha", HostStatus.UP).origin().epoch()).isGreaterThan(future);
        }
        assertThat(tape.all()).noneMatch(record -> record.origin().host().equals("gamma"));
        var state = new StateFile(file);
        assertThat(state.watched()).isEmpty();
        assertThat(state.known("beta").domains()).hasSize(1);
        assertThat(state.known("alpha").domains()).hasSize(1);
    }

    // A slow sink.

    /// The queue of the link can overflow before the link has returned the registration that counts.
    @Test
    void anOverflowHasANumberWhenItIsKnown() throws Exception {
        var outbox = new Outbox(tape, 10, Retry.exponential());
        outbox.start();
        var watch = new HostWatch(node("alpha", 1), 7, Known.NOTHING, fleet(), outbox);
        HostWatch.Log log = watch.new Log();
        var overflow = new Gap(1, 1, Samples.TIME, Samples.TIME, Gap.Cause.OVERFLOW);
        var counting = new Counting();
        log.gap(overflow);
        log.registration = counting;
        for (long lost : new long[] {5, 7, 10}) {
            counting.lost = lost;
            log.gap(overflow);
        }
        outbox.close(LONG);
        assertThat(tape.all(GapRecord.class))
                .extracting(GapRecord::count)
                .containsExactly(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(2), OptionalLong.of(3));
    }

    private static final class Counting implements Registration {
        private long lost;

        @Override
        public void close() {}

        @Override
        public boolean closeAndAwait(Duration limit) {
            return true;
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public long lost() {
            return lost;
        }
    }

    @Test
    void aSlowSinkReceivesTheLatestStateAndTheNumberOfEventsThatAreMissing() throws Exception {
        UUID uuid = UUID.randomUUID();
        var gate = new Semaphore(1);
        Sink slow = records -> {
            gate.acquire();
            try {
                tape.write(records);
            } finally {
                gate.release();
            }
        };
        try (Connect connect = Connect.open(EMBEDDED);
                Domain domain = connect.domains().define(xml(uuid));
                Fleet fleet = Fleet.of(List.of(new Host("alpha", EMBEDDED)))
                        .to(slow)
                        .queue(10)
                        .start()) {
            tape.await("alpha", HostStatus.UP);
            assertThat(fleet.flush(LONG)).isTrue();
            tape.forget();
            long before = fleet.hosts().getFirst().events();
            gate.acquire();
            domain.create();
            for (int i = 0; i < 100; i++) {
                domain.suspend();
                domain.resume();
            }
            domain.destroy();
            while (fleet.hosts().getFirst().events() < before + 202) {
                Thread.sleep(1);
            }
            gate.release();
            tape.await(DomainRecord.class, record -> isOf(record, uuid, DomainState.SHUTOFF));
            assertThat(fleet.flush(LONG)).isTrue();
            long written = tape.all(EventRecord.class).size();
            LongStream missing = tape.all(GapRecord.class).stream()
                    .mapToLong(record -> record.count().orElseThrow());
            long counted = fleet.hosts().getFirst().events() - before;
            assertThat(written).isLessThan(50);
            assertThat(written + missing.sum()).isEqualTo(counted);
            assertThat(tape.all(GapRecord.class)).allSatisfy(record -> {
                assertThat(record.gap().cause()).isEqualTo(Gap.Cause.OVERFLOW);
                assertThat(record.gap().from()).isEqualTo(1);
                assertThat(record.gap().to()).isEqualTo(1);
                assertThat(record.gap().lost()).isBeforeOrEqualTo(record.gap().back());
            });
            assertThat(tape.table("alpha").get(uuid))
                    .isNotNull()
                    .extracting(DomainView::state)
                    .isEqualTo(DomainState.SHUTOFF);
            domain.undefine();
        }
    }
}
