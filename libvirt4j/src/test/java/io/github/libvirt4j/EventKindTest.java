package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.support.LyingDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectDomainQemuMonitorEventRegisterFlags;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.NetworkEventLifecycleType;
import io.github.libvirt4j.types.NodeDeviceEventLifecycleType;
import io.github.libvirt4j.types.StoragePoolEventLifecycleType;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of event the embedded driver fires, through the one mechanism.
@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventKindTest {
    private final TestDriver driver;
    private Connect connect;

    EventKindTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
    }

    @AfterEach
    void close() {
        connect.close();
    }

    private static <E extends Event> E next(EventQueue<E> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(Duration.ofSeconds(10)), "no event within ten seconds");
    }

    private static final String NETWORK = "<network><name>events</name></network>";
    private static final String POOL =
            "<pool type='dir'><name>events</name><target><path>/nowhere</path></target></pool>";
    private static final String VHBA = """
            <device>
              <parent>scsi_host1</parent>
              <capability type='scsi_host'>
                <capability type='fc_host'>
                  <wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>
                </capability>
              </capability>
            </device>
            """;

    @Test
    void metadataOfADomain() throws Exception {
        Domain domain = Embedded.define(connect);
        EventQueue<DomainEvent.MetadataChange> queue = connect.queue(Set.of(DomainEvent.METADATA_CHANGE), 10);
        domain.setTitle("a title");
        domain.setMetadata(DomainMetadataType.ELEMENT, "<x/>", "a", "urn:x");
        DomainEvent.MetadataChange title = next(queue);
        assertThat(title.domain()).isEqualTo(domain.identity());
        assertThat(title.type()).isEqualTo(DomainMetadataType.TITLE);
        assertThat(title.uri()).isNull();
        assertThat(title).hasToString("domain.metadata-change " + domain.name() + " TITLE");
        DomainEvent.MetadataChange element = next(queue);
        assertThat(element.type()).isEqualTo(DomainMetadataType.ELEMENT);
        assertThat(element.uri()).isEqualTo("urn:x");
        domain.undefine();
    }

    private static final String DISK = """
            <disk type='file' device='disk'>
              <source file='/nowhere.img'/>
              <target dev='vdz' bus='virtio'/>
            </disk>
            """;

    /// The driver can attach devices from 11.3 on; all versions let one register.
    @Test
    void ofADeviceThatIsAddedToADomain() throws Exception {
        Domain domain = connect.domains().lookupByName("test");
        EventQueue<DomainEvent.DeviceAdded> queue = connect.queue(Set.of(DomainEvent.DEVICE_ADDED), 10);
        if (driver.version().compareTo(new Version(11, 3, 0)) < 0) {
            assertThatThrownBy(() -> domain.devices().attach(DISK)).isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> domain.devices().detach(DISK)).isInstanceOf(UnsupportedException.class);
        } else {
            domain.devices().attach(DISK);
            DomainEvent.DeviceAdded event = next(queue);
            assertThat(event.domain()).isEqualTo(domain.identity());
            assertThat(event.alias()).isNotEmpty();
            assertThat(event).hasToString("domain.device-added test " + event.alias());
        }
    }

    @Test
    void lifeOfANetwork() throws Exception {
        EventQueue<NetworkEvent.Lifecycle> queue = connect.queue(Set.of(NetworkEvent.LIFECYCLE), 10);
        Network network = connect.networks().define(NETWORK);
        network.create();
        network.destroy();
        network.undefine();
        for (NetworkEventLifecycleType type : List.of(
                NetworkEventLifecycleType.DEFINED,
                NetworkEventLifecycleType.STARTED,
                NetworkEventLifecycleType.STOPPED,
                NetworkEventLifecycleType.UNDEFINED)) {
            NetworkEvent.Lifecycle event = next(queue);
            assertThat(event.type()).isEqualTo(type);
            assertThat(event.network()).isEqualTo(network.identity());
            assertThat(event.rawDetail()).isZero();
            assertThat(event).hasToString("network.lifecycle events " + type);
        }
    }

    @Test
    void lifeAndRefreshOfAStoragePoolInTheirOrder() throws Exception {
        EventQueue<StoragePoolEvent> queue =
                connect.queue(Set.of(StoragePoolEvent.LIFECYCLE, StoragePoolEvent.REFRESH), 10);
        StoragePool pool = connect.storagePools().define(POOL);
        pool.create();
        pool.refresh();
        pool.destroy();
        pool.undefine();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            StoragePoolEvent event = next(queue);
            assertThat(event.storagePool()).isEqualTo(pool.identity());
            seen.add(event.toString());
        }
        assertThat(seen)
                .containsExactly(
                        "storage-pool.lifecycle events " + StoragePoolEventLifecycleType.DEFINED,
                        "storage-pool.lifecycle events " + StoragePoolEventLifecycleType.STARTED,
                        "storage-pool.refresh events",
                        "storage-pool.lifecycle events " + StoragePoolEventLifecycleType.STOPPED,
                        "storage-pool.lifecycle events " + StoragePoolEventLifecycleType.UNDEFINED);
    }

    @Test
    void lifeOfADeviceOfTheHost() throws Exception {
        EventQueue<NodeDeviceEvent.Lifecycle> queue = connect.queue(Set.of(NodeDeviceEvent.LIFECYCLE), 10);
        NodeDevice device = connect.nodeDevices().create(VHBA);
        device.destroy();
        NodeDeviceEvent.Lifecycle created = next(queue);
        assertThat(created.type()).isEqualTo(NodeDeviceEventLifecycleType.CREATED);
        assertThat(created.nodeDevice()).isEqualTo(device.identity());
        assertThat(next(queue).type()).isEqualTo(NodeDeviceEventLifecycleType.DELETED);
    }

    @Test
    void ofSeveralSortsInOneRegistration() throws Exception {
        EventQueue<Event> queue =
                connect.queue(Set.of(NetworkEvent.LIFECYCLE, StoragePoolEvent.LIFECYCLE, DomainEvent.LIFECYCLE), 10);
        Network network = connect.networks().define(NETWORK);
        StoragePool pool = connect.storagePools().define(POOL);
        Domain domain = Embedded.define(connect);
        List<EventKind<?>> kinds =
                List.of(next(queue).kind(), next(queue).kind(), next(queue).kind());
        assertThat(kinds)
                .containsExactlyInAnyOrder(NetworkEvent.LIFECYCLE, StoragePoolEvent.LIFECYCLE, DomainEvent.LIFECYCLE);
        network.undefine();
        pool.undefine();
        domain.undefine();
    }

    @Test
    void ofOneObjectOnlyAndTwoListenersOnIt() throws Exception {
        Domain one = Embedded.define(connect);
        Domain other = Embedded.define(connect);
        CountDownLatch heard = new CountDownLatch(3);
        List<DomainEvent.Lifecycle> first = new CopyOnWriteArrayList<>();
        List<DomainEvent.Lifecycle> second = new CopyOnWriteArrayList<>();
        one.on(DomainEvent.LIFECYCLE, event -> {
            first.add(event);
            heard.countDown();
        });
        one.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), event -> {
            second.add(event);
            heard.countDown();
        });
        DomainIdentity identity = one.identity();
        connect.on(DomainEvent.LIFECYCLE, event -> {
            if (event.domain().equals(identity)) {
                heard.countDown();
            }
        });
        other.create();
        one.create();
        assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(first).isEqualTo(second).hasSize(1);
        assertThat(first.getFirst().domain()).isEqualTo(identity);
        for (Domain domain : List.of(one, other)) {
            domain.destroy();
            domain.undefine();
        }
        one.close();
        assertThatThrownBy(() -> one.on(DomainEvent.LIFECYCLE, _ -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofTheOtherNounsOneObjectOnly() throws Exception {
        Network network = connect.networks().define(NETWORK);
        StoragePool pool = connect.storagePools().define(POOL);
        NodeDevice device = connect.nodeDevices().create(VHBA);
        connect.networks().define(NETWORK.replace("events", "others")).undefine();
        EventQueue<NetworkEvent.Lifecycle> ofNetwork = network.queue(NetworkEvent.LIFECYCLE, 10);
        EventQueue<StoragePoolEvent.Lifecycle> ofPool = pool.queue(StoragePoolEvent.LIFECYCLE, 10);
        EventQueue<NodeDeviceEvent.Lifecycle> ofDevice = device.queue(NodeDeviceEvent.LIFECYCLE, 10);
        NetworkIdentity networkIdentity = network.identity();
        StoragePoolIdentity poolIdentity = pool.identity();
        NodeDeviceIdentity deviceIdentity = device.identity();
        network.undefine();
        pool.undefine();
        device.destroy();
        assertThat(until(ofNetwork, event -> event.type() == NetworkEventLifecycleType.UNDEFINED))
                .allMatch(event -> event.network().equals(networkIdentity));
        assertThat(until(ofPool, event -> event.type() == StoragePoolEventLifecycleType.UNDEFINED))
                .allMatch(event -> event.storagePool().equals(poolIdentity));
        assertThat(until(ofDevice, event -> event.type() == NodeDeviceEventLifecycleType.DELETED))
                .allMatch(event -> event.nodeDevice().equals(deviceIdentity));
    }

    /// Takes events up to one that matches. Those of what was done before the registration may precede it.
    private static <E extends Event> List<E> until(EventQueue<E> queue, Predicate<E> last) throws InterruptedException {
        List<E> all = new ArrayList<>();
        do {
            all.add(next(queue));
        } while (!last.test(all.getLast()));
        return all;
    }

    @Test
    void areTakenByHandFromAQueueThatLosesTheOldest() throws Exception {
        Domain domain = Embedded.define(connect);
        EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 2);
        assertThat(queue.poll(Duration.ZERO)).isNull();
        CountDownLatch all = new CountDownLatch(4);
        connect.on(DomainEvent.LIFECYCLE, _ -> all.countDown());
        domain.create();
        domain.suspend();
        domain.resume();
        domain.destroy();
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessLoop.barrier(Duration.ofSeconds(10).toNanos())).isTrue();
        assertThat(queue.lost()).isEqualTo(2);
        assertThat(queue.take().type()).isEqualTo(DomainEventType.RESUMED);
        assertThat(queue.isActive()).isTrue();
        queue.close();
        queue.close();
        assertThat(queue.lost()).isEqualTo(3);
        assertThat(queue.isActive()).isFalse();
        assertThatThrownBy(queue::take).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        domain.undefine();
    }

    @Test
    void wakeUpWhoWaitsForOneWhenTheConnectionCloses() throws Exception {
        EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 2);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(Thread.ofVirtual().start(() -> {
                try {
                    queue.take();
                } catch (Throwable t) {
                    thrown.add(t);
                }
            }));
        }
        connect.close();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(thrown).hasSize(4).allMatch(t -> t instanceof IllegalStateException);
    }

    @Test
    void keepValuesThatAreNewerThanThisJar() {
        var event = new DomainEvent.Lifecycle(new DomainIdentity("x", new UUID(1, 2)), 77, 5);
        assertThat(event.type()).isEqualTo(DomainEventType.UNRECOGNIZED);
        assertThat(event.detail()).isEqualTo(DomainEventType.UNRECOGNIZED);
        assertThat(event.rawType()).isEqualTo(77);
        assertThat(event.rawDetail()).isEqualTo(5);
    }

    @Test
    void haveARowAndANameOfTheirOwn() {
        assertThat(Libvirt.eventKinds()).extracting(kind -> kind.name()).doesNotHaveDuplicates();
        assertThat(EventTable.rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(EventTable.row(row.kind())).isSameAs(row));
    }

    /// The driver has them all, those of QEMU's monitor and of secrets excepted; the loaded libvirt those
    /// of its time.
    @Test
    void areRegisteredOrRefusedByType() {
        for (EventKind<?> kind : Libvirt.eventKinds()) {
            if (kind.since().compareTo(Libvirt.version()) > 0) {
                assertThatThrownBy(() -> listen(kind))
                        .isInstanceOf(UnsupportedException.class)
                        .hasMessage(kind + " events come with libvirt " + kind.since() + "; loaded is "
                                + Libvirt.version());
            } else if (kind.since().compareTo(driver.version()) > 0) {
                assertThatThrownBy(() -> listen(kind))
                        .isInstanceOf(UnsupportedException.class)
                        .hasMessage(kind + " events come with libvirt " + kind.since() + "; the daemon is "
                                + driver.version());
            } else if (kind == DomainEvent.QEMU_MONITOR || SecretEvent.class.isAssignableFrom(kind.type())) {
                assertThatThrownBy(() -> listen(kind)).as(kind.name()).isInstanceOf(UnsupportedException.class);
            } else {
                listen(kind).close();
                listen(kind);
                listen(kind);
            }
        }
    }

    /// A daemon that is too old fails with an internal error, as one with trouble of its own does.
    @Test
    void areNotSaidToBeUnknownWhereTheDaemonFailsForAnotherReason() throws IOException {
        int libVersion = 157;
        int register = 167;
        try (var daemon = new LyingDaemon();
                Connect old = Connect.open(daemon.uri())) {
            Runnable on = () -> old.on(DomainEvent.BLOCK_THRESHOLD, _ -> {});
            daemon.answer(libVersion, LyingDaemon.xdr().hyper(1_002_003));
            daemon.fail(register, ErrorNumber.INTERNAL_ERROR.value(), "no such event");
            assertThatThrownBy(on::run)
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("the daemon is 1.2.3");
            daemon.fail(register, ErrorNumber.NO_MEMORY.value(), "no memory");
            assertThatThrownBy(on::run).hasMessageContaining("no memory");
            daemon.fail(register, ErrorNumber.INTERNAL_ERROR.value(), "trouble");
            daemon.answer(libVersion, LyingDaemon.xdr().hyper(900_000_000));
            assertThatThrownBy(on::run).hasMessageContaining("trouble");
            daemon.fail(libVersion, ErrorNumber.NO_MEMORY.value(), "no memory");
            assertThatThrownBy(on::run).hasMessageContaining("trouble");
        }
    }

    /// What C refuses leaves neither a loan nor a function pointer taken.
    @Test
    void takeThePointerAgainThatCRefused() {
        EventTable.Row row = row();
        int inTheWay = registerPast(row, 0);
        assertThat(inTheWay).isNotNegative();
        assertThatThrownBy(() -> listen(DomainEvent.LIFECYCLE)).isInstanceOf(LibvirtException.class);
        assertThat(row.deregister(connect.object.pointer(), inTheWay)).isZero();
        // The first of them, in whose way another one is refused.
        Registration registration = listen(DomainEvent.LIFECYCLE);
        assertThat(registerPast(row, 0)).isNegative();
        int second = registerPast(row, 1);
        assertThat(second).isNotNegative();
        assertThat(row.deregister(connect.object.pointer(), second)).isZero();
        registration.close();
        // And what was deregistered gives it back.
        assertThat(row.deregister(connect.object.pointer(), registerPast(row, 0)))
                .isZero();
    }

    /// Of a set, in whatever order they are registered: of eight, some are before the one that is refused.
    @Test
    void areAllTakenBackWhereOneIsRefused() {
        List<EventKind<?>> inTheDriver = Libvirt.eventKinds().stream()
                .filter(kind -> DomainEvent.class.isAssignableFrom(kind.type())
                        && kind != DomainEvent.QEMU_MONITOR
                        && kind.since().compareTo(Libvirt.version()) <= 0
                        && kind.since().compareTo(driver.version()) <= 0)
                .<EventKind<?>>map(kind -> kind)
                .limit(8)
                .toList();
        for (EventKind<?> kind : inTheDriver) {
            assertThatThrownBy(() -> connect.on(Set.of(kind, SecretEvent.LIFECYCLE), Delivery.queued(), _ -> {}))
                    .isInstanceOf(UnsupportedException.class);
            assertThat(Libvirt.closuresOnLoan()).isZero();
        }
        assertThat(row().deregister(connect.object.pointer(), registerPast(row(), 0)))
                .isZero();
    }

    private static EventTable.Row row() {
        return EventTable.row(DomainEvent.LIFECYCLE);
    }

    /// Registers with C and not with the connection.
    private int registerPast(EventTable.Row row, int k) {
        return Loans.register(
                this,
                sink -> row.register(connect.object.pointer(), MemorySegment.NULL, DomainEvent.LIFECYCLE, k, sink));
    }

    private Registration listen(EventKind<?> kind) {
        return connect.on(Set.of(kind), Delivery.queued(), _ -> {});
    }

    /// That of a real hypervisor, which needs no guest for it.
    @Test
    void ofQemusMonitorAreLimitedToSome() {
        try (Connect qemu = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"))) {
            qemu.on(DomainEvent.QEMU_MONITOR, (DomainEvent.QemuMonitor _) -> {});
            qemu.on(DomainEvent.qemuMonitor("POWERDOWN"), (DomainEvent.QemuMonitor _) -> {});
            qemu.on(
                    DomainEvent.qemuMonitor(
                            "^block_.*",
                            ConnectDomainQemuMonitorEventRegisterFlags.REGEX,
                            ConnectDomainQemuMonitorEventRegisterFlags.NOCASE),
                    (DomainEvent.QemuMonitor _) -> {});
            assertThatThrownBy(() -> qemu.on(
                            DomainEvent.qemuMonitor("(", ConnectDomainQemuMonitorEventRegisterFlags.REGEX),
                            (DomainEvent.QemuMonitor _) -> {}))
                    .isInstanceOf(LibvirtException.class);
            assertThat(Libvirt.closuresOnLoan()).isEqualTo(3);
        }
        assertThat(DomainEvent.qemuMonitor("POWERDOWN")).hasToString("domain.qemu-monitor(POWERDOWN)");
    }

    /// What the kinds say of their age is what the facts say of their number in C.
    @Test
    void knowSinceWhenTheyAre() throws Exception {
        for (Map.Entry<String, Class<?>> each : Map.<String, Class<?>>of(
                        "DomainEventId", DomainEvent.class,
                        "NetworkEventId", NetworkEvent.class,
                        "StoragePoolEventId", StoragePoolEvent.class,
                        "NodeDeviceEventId", NodeDeviceEvent.class,
                        "SecretEventId", SecretEvent.class)
                .entrySet()) {
            String ids = Files.readString(
                    Path.of("src/generated/java/io/github/libvirt4j/types/" + each.getKey() + ".java"));
            Matcher constant =
                    Pattern.compile("libvirt ([0-9.]+)\\.\n    ([A-Z0-9_]+)\\(").matcher(ids);
            int count = 0;
            while (constant.find()) {
                String name = Objects.requireNonNull(constant.group(2));
                var kind = (EventKind<?>)
                        Objects.requireNonNull(each.getValue().getField(name).get(null));
                assertThat(kind.since()).hasToString(constant.group(1));
                count++;
            }
            assertThat(count).isPositive();
        }
        assertThat(Libvirt.eventKinds()).hasSize(40);
    }
}
