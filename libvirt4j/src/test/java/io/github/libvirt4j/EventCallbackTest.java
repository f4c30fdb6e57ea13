package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.EventSink;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsAddress;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubject;
import io.github.libvirt4j.internal.raw.VirDomainEventGraphicsSubjectIdentity;
import io.github.libvirt4j.internal.raw.VirTypedParameter;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The C side of every kind of event, called through its function pointer by a made-up C with values that no
/// driver sends: NULL, enumeration values nobody knows, the largest unsigned numbers, empty arrays.
@ExtendWith(NothingLeft.class)
class EventCallbackTest {
    private static final MemorySegment NULL = MemorySegment.NULL;
    private final Arena arena = Arena.ofConfined();
    private static final long MOST = -1; // Of an unsigned long.

    private Connect connect;
    private Domain domain;
    private Network network;
    private StoragePool pool;
    private NodeDevice device;

    /// What C passes between the object and the opaque, and the event that makes.
    private record Call(List<Object> arguments, Function<DomainIdentity, Event> event) {}

    private final Map<EventKind<?>, List<Call>> calls = new java.util.HashMap<>();

    private void call(EventKind<?> kind, Function<DomainIdentity, Event> event, Object... arguments) {
        calls.computeIfAbsent(kind, _ -> new ArrayList<>()).add(new Call(Arrays.asList(arguments), event));
    }

    private MemorySegment string(String text) {
        return arena.allocateFrom(text);
    }

    @BeforeEach
    void openAndList() {
        connect = Embedded.open();
        domain = connect.domains().lookupByName("test");
        network = connect.networks().lookupByName("default");
        pool = connect.storagePools().lookupByName("default-pool");
        device = connect.nodeDevices().lookupByName("computer");
        call(DomainEvent.LIFECYCLE, d -> new DomainEvent.Lifecycle(d, 77, -5), 77, -5);
        call(DomainEvent.REBOOT, DomainEvent.Reboot::new);
        call(
                DomainEvent.RTC_CHANGE,
                d -> new DomainEvent.RtcChange(d, Duration.ofSeconds(Long.MIN_VALUE)),
                Long.MIN_VALUE);
        call(DomainEvent.WATCHDOG, d -> new DomainEvent.Watchdog(d, Integer.MAX_VALUE), Integer.MAX_VALUE);
        call(DomainEvent.IO_ERROR, d -> new DomainEvent.IoError(d, "", "", -1), NULL, NULL, -1);
        call(
                DomainEvent.IO_ERROR,
                d -> new DomainEvent.IoError(d, "/ä€😀", "virtio-disk0", 1),
                string("/ä€😀"),
                string("virtio-disk0"),
                1);
        call(
                DomainEvent.GRAPHICS,
                d -> new DomainEvent.Graphics(d, 9, null, null, "", List.of()),
                9,
                NULL,
                NULL,
                NULL,
                NULL);
        call(
                DomainEvent.GRAPHICS,
                d -> new DomainEvent.Graphics(
                        d,
                        0,
                        new GraphicsAddress(99, null, null),
                        new GraphicsAddress(2, "/run/vnc", "5900"),
                        "sasl",
                        List.of(new GraphicsIdentity("saslUsername", "alice"), new GraphicsIdentity(null, null))),
                0,
                address(99, NULL, NULL),
                address(2, string("/run/vnc"), string("5900")),
                string("sasl"),
                subject(2, string("saslUsername"), string("alice"), NULL, NULL));
        call(
                DomainEvent.GRAPHICS,
                d -> new DomainEvent.Graphics(d, 1, null, null, "", List.of()),
                1,
                NULL,
                NULL,
                NULL,
                subject(0));
        call(
                DomainEvent.IO_ERROR_REASON,
                d -> new DomainEvent.IoErrorReason(d, "", "", 4711, ""),
                NULL,
                NULL,
                4711,
                NULL);
        call(DomainEvent.CONTROL_ERROR, DomainEvent.ControlError::new);
        call(DomainEvent.BLOCK_JOB, d -> new DomainEvent.BlockJob(d, "", -1, 99), NULL, -1, 99);
        call(DomainEvent.DISK_CHANGE, d -> new DomainEvent.DiskChange(d, null, null, "", 9), NULL, NULL, NULL, 9);
        call(
                DomainEvent.DISK_CHANGE,
                d -> new DomainEvent.DiskChange(d, null, "/new", "ide0", 0),
                NULL,
                string("/new"),
                string("ide0"),
                0);
        call(DomainEvent.TRAY_CHANGE, d -> new DomainEvent.TrayChange(d, "", 2), NULL, 2);
        call(DomainEvent.PMWAKEUP, d -> new DomainEvent.PmWakeup(d, -1), -1);
        call(DomainEvent.PMSUSPEND, d -> new DomainEvent.PmSuspend(d, -1), -1);
        call(DomainEvent.BALLOON_CHANGE, d -> new DomainEvent.BalloonChange(d, MOST), MOST);
        call(DomainEvent.PMSUSPEND_DISK, d -> new DomainEvent.PmSuspendDisk(d, -1), -1);
        call(DomainEvent.DEVICE_REMOVED, d -> new DomainEvent.DeviceRemoved(d, ""), NULL);
        call(DomainEvent.BLOCK_JOB_2, d -> new DomainEvent.BlockJob2(d, "vda", 5, 3), string("vda"), 5, 3);
        call(DomainEvent.TUNABLE, d -> new DomainEvent.Tunable(d, new TypedParameters(List.of())), NULL, 0);
        call(DomainEvent.TUNABLE, d -> new DomainEvent.Tunable(d, allTypes()), cAllTypes(), 9);
        call(DomainEvent.AGENT_LIFECYCLE, d -> new DomainEvent.AgentLifecycle(d, 0, -1), 0, -1);
        call(DomainEvent.DEVICE_ADDED, d -> new DomainEvent.DeviceAdded(d, ""), NULL);
        call(DomainEvent.MIGRATION_ITERATION, d -> new DomainEvent.MigrationIteration(d, -1), -1);
        call(DomainEvent.JOB_COMPLETED, d -> new DomainEvent.JobCompleted(d, allTypes()), cAllTypes(), 9);
        call(DomainEvent.DEVICE_REMOVAL_FAILED, d -> new DomainEvent.DeviceRemovalFailed(d, ""), NULL);
        call(DomainEvent.METADATA_CHANGE, d -> new DomainEvent.MetadataChange(d, 3, null), 3, NULL);
        call(
                DomainEvent.BLOCK_THRESHOLD,
                d -> new DomainEvent.BlockThreshold(d, "", null, MOST, MOST),
                NULL,
                NULL,
                MOST,
                MOST);
        call(DomainEvent.MEMORY_FAILURE, d -> new DomainEvent.MemoryFailure(d, 8, 9, -1), 8, 9, -1);
        call(
                DomainEvent.MEMORY_DEVICE_SIZE_CHANGE,
                d -> new DomainEvent.MemoryDeviceSizeChange(d, "", MOST),
                NULL,
                MOST);
        call(DomainEvent.NIC_MAC_CHANGE, d -> new DomainEvent.NicMacChange(d, "", "", ""), NULL, NULL, NULL);
        call(DomainEvent.VCPU_REMOVED, d -> new DomainEvent.VcpuRemoved(d, 0xFFFF_FFFFL), -1);
        call(DomainEvent.CHANNEL_LIFECYCLE, d -> new DomainEvent.ChannelLifecycle(d, "", 9, 9), NULL, 9, 9);
        call(
                DomainEvent.QEMU_MONITOR,
                d -> new DomainEvent.QemuMonitor(d, "", Long.MAX_VALUE, 0xFFFF_FFFFL, null),
                NULL,
                Long.MAX_VALUE,
                -1,
                NULL);
        call(NetworkEvent.LIFECYCLE, _ -> new NetworkEvent.Lifecycle(network.identity(), 99, 98), 99, 98);
        call(
                NetworkEvent.METADATA_CHANGE,
                _ -> new NetworkEvent.MetadataChange(network.identity(), 99, null),
                99,
                NULL);
        call(StoragePoolEvent.LIFECYCLE, _ -> new StoragePoolEvent.Lifecycle(pool.identity(), 99, 98), 99, 98);
        call(StoragePoolEvent.REFRESH, _ -> new StoragePoolEvent.Refresh(pool.identity()));
        call(NodeDeviceEvent.LIFECYCLE, _ -> new NodeDeviceEvent.Lifecycle(device.identity(), 99, 98), 99, 98);
        call(NodeDeviceEvent.UPDATE, _ -> new NodeDeviceEvent.Update(device.identity()));
        // The driver has no secrets, so this one is NULL.
        var nobody = new SecretIdentity(new UUID(0, 0), -1, "");
        call(SecretEvent.LIFECYCLE, _ -> new SecretEvent.Lifecycle(nobody, 99, 98), 99, 98);
        call(SecretEvent.VALUE_CHANGED, _ -> new SecretEvent.ValueChanged(nobody));
    }

    private MemorySegment address(int family, MemorySegment node, MemorySegment service) {
        MemorySegment address = arena.allocate(VirDomainEventGraphicsAddress.SIZE, Long.BYTES);
        VirDomainEventGraphicsAddress.family(address, family);
        VirDomainEventGraphicsAddress.node(address, node);
        VirDomainEventGraphicsAddress.service(address, service);
        return address;
    }

    private MemorySegment subject(int count, MemorySegment... typesAndNames) {
        MemorySegment subject = arena.allocate(VirDomainEventGraphicsSubject.SIZE, Long.BYTES);
        VirDomainEventGraphicsSubject.nidentity(subject, count);
        long size = VirDomainEventGraphicsSubjectIdentity.SIZE;
        MemorySegment identities = count == 0 ? NULL : arena.allocate(size * count, Long.BYTES);
        for (int i = 0; i < count; i++) {
            MemorySegment one = identities.asSlice(i * size, size);
            VirDomainEventGraphicsSubjectIdentity.type(one, typesAndNames[2 * i]);
            VirDomainEventGraphicsSubjectIdentity.name(one, typesAndNames[2 * i + 1]);
        }
        VirDomainEventGraphicsSubject.identities(subject, identities);
        return subject;
    }

    private static final String LONGEST = "x".repeat(80);

    private static TypedParameters allTypes() {
        return new TypedParameters(List.of(
                new TypedParameter.OfInt("int", -1),
                new TypedParameter.OfUnsignedInt("uint", 0xFFFF_FFFFL),
                new TypedParameter.OfLong("llong", Long.MIN_VALUE),
                new TypedParameter.OfUnsignedLong("ullong", MOST),
                new TypedParameter.OfDouble("double", 0.5),
                new TypedParameter.OfBoolean("boolean", true),
                new TypedParameter.OfString("string", "text"),
                new TypedParameter.OfString(LONGEST, null),
                new TypedParameter.Unrecognized("newer", 8, 42L)));
    }

    private MemorySegment cAllTypes() {
        MemorySegment array = arena.allocate(VirTypedParameter.SIZE * 9, Long.BYTES);
        List<TypedParameter> list = allTypes().list();
        for (int i = 0; i < list.size(); i++) {
            MemorySegment one = array.asSlice(i * VirTypedParameter.SIZE, VirTypedParameter.SIZE);
            TypedParameter parameter = list.get(i);
            byte[] name = parameter.name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            MemorySegment.copy(name, 0, VirTypedParameter.field(one), ValueLayout.JAVA_BYTE, 0, name.length);
            switch (parameter) {
                case TypedParameter.OfInt typed -> {
                    VirTypedParameter.type(one, 1);
                    VirTypedParameter.value_i(one, typed.value());
                }
                case TypedParameter.OfUnsignedInt typed -> {
                    VirTypedParameter.type(one, 2);
                    VirTypedParameter.value_ui(one, typed.value().intValue());
                }
                case TypedParameter.OfLong typed -> {
                    VirTypedParameter.type(one, 3);
                    VirTypedParameter.value_l(one, typed.value());
                }
                case TypedParameter.OfUnsignedLong typed -> {
                    VirTypedParameter.type(one, 4);
                    VirTypedParameter.value_ul(one, typed.value());
                }
                case TypedParameter.OfDouble typed -> {
                    VirTypedParameter.type(one, 5);
                    VirTypedParameter.value_d(one, typed.value());
                }
                case TypedParameter.OfBoolean typed -> {
                    VirTypedParameter.type(one, 6);
                    VirTypedParameter.value_b(one, (byte) (typed.value() ? 1 : 0));
                }
                case TypedParameter.OfString typed -> {
                    VirTypedParameter.type(one, 7);
                    VirTypedParameter.value_s(one, typed.value() == null ? NULL : string(typed.value()));
                }
                case TypedParameter.Unrecognized typed -> {
                    VirTypedParameter.type(one, typed.rawType());
                    VirTypedParameter.value_ul(one, typed.value());
                }
            }
        }
        return array;
    }

    @AfterEach
    void close() {
        connect.close();
        arena.close();
    }

    static List<EventTable.Row> rows() {
        return EventTable.rows();
    }

    /// Calls the stub as C does, and returns what C gets.
    private Object invoke(EventTable.Row row, List<Object> between, long number) throws Throwable {
        return invoke(row.upcall(), object(row.kind()), between, number);
    }

    private Object invoke(Upcall upcall, @Nullable MemorySegment object, List<Object> between, long number)
            throws Throwable {
        MethodHandle function = FakeC.function(upcall.pointer(0), upcall.signature());
        List<Object> arguments = new ArrayList<>(List.of(NULL));
        if (object != null) {
            arguments.add(object);
        }
        arguments.addAll(between);
        arguments.add(Loans.opaque(number));
        return function.invokeWithArguments(arguments);
    }

    private MemorySegment object(EventKind<?> kind) {
        Class<?> type = kind.type();
        if (DomainEvent.class.isAssignableFrom(type)) {
            return domain.object.pointer();
        } else if (NetworkEvent.class.isAssignableFrom(type)) {
            return network.object.pointer();
        } else if (StoragePoolEvent.class.isAssignableFrom(type)) {
            return pool.object.pointer();
        } else if (NodeDeviceEvent.class.isAssignableFrom(type)) {
            return device.object.pointer();
        }
        return NULL;
    }

    private List<Call> calls(EventTable.Row row) {
        return Objects.requireNonNull(calls.get(row.kind()), "a kind without a call here");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void copiesWhatCPasses(EventTable.Row row) throws Throwable {
        for (Call call : calls(row)) {
            List<Event> seen = new ArrayList<>();
            EventSink sink = seen::add;
            long number = Loans.lend(sink);
            Object result = invoke(row, call.arguments, number);
            Loans.end(number);
            Event expected = call.event.apply(domain.identity());
            assertThat(seen).containsExactly(expected);
            assertThat(seen.getFirst().kind()).isSameAs(row.kind());
            assertThat(seen.getFirst()).isExactlyInstanceOf(row.kind().type());
            assertThat(seen.getFirst().toString()).startsWith(row.kind().name());
            assertThat(result).isIn(null, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void reportsWhatIsThrownAndCGoesOn(EventTable.Row row) throws Throwable {
        List<String> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> reported.add(callback + " " + thrown.getMessage()));
        EventSink sink = _ -> {
            throw new StackOverflowError("on purpose");
        };
        long number = Loans.lend(sink);
        List<Object> arguments = calls(row).getFirst().arguments;
        for (int i = 0; i < 2; i++) {
            assertThat(invoke(row, arguments, number)).isIn(null, 0);
        }
        Loans.end(number);
        String report = row.upcall().cName() + " on purpose";
        assertThat(reported).containsExactly(report, report);
        long strays = Loans.strays();
        invoke(row, arguments, number);
        assertThat(Loans.strays()).isEqualTo(strays + 1);
        assertThat(reported).hasSize(2);
    }

    /// Without the check C's NULL would be read, and the VM would die.
    @Test
    void reportCountsThatCannotBe() throws Throwable {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
        List<Event> seen = new ArrayList<>();
        AtomicInteger missed = new AtomicInteger();
        EventSink sink = new EventSink() {
            @Override
            public void accept(Event event) {
                seen.add(event);
            }

            @Override
            public void missed() {
                missed.incrementAndGet();
            }
        };
        long number = Loans.lend(sink);
        for (int count : List.of(-1, Integer.MIN_VALUE, 1, Integer.MAX_VALUE)) {
            invoke(row(DomainEvent.TUNABLE), List.of(NULL, count), number);
            invoke(row(DomainEvent.JOB_COMPLETED), List.of(NULL, count), number);
            MemorySegment subject = subject(0);
            VirDomainEventGraphicsSubject.nidentity(subject, count);
            invoke(row(DomainEvent.GRAPHICS), List.of(0, NULL, NULL, NULL, subject), number);
        }
        Loans.end(number);
        assertThat(seen).isEmpty();
        assertThat(missed).hasValue(12);
        assertThat(reported).hasSize(12).hasOnlyElementsOfType(ProtocolViolationException.class);
        assertThat(reported.getLast())
                .hasMessage("virDomainEventGraphicsSubject: announced 2147483647 elements, and gave none (RPC)");
    }

    private static EventTable.Row row(EventKind<?> kind) {
        return rows().stream().filter(row -> row.kind() == kind).findFirst().orElseThrow();
    }

    @Test
    void keepBytesThatAreNotUtf8() throws Throwable {
        List<Event> seen = new ArrayList<>();
        EventSink sink = seen::add;
        long number = Loans.lend(sink);
        MemorySegment notUtf8 = arena.allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {'/', (byte) 0xE9, 'a', 0});
        invoke(row(DomainEvent.DEVICE_ADDED), List.of(notUtf8), number);
        MemorySegment parameter = arena.allocate(VirTypedParameter.SIZE, Long.BYTES);
        VirTypedParameter.field(parameter).copyFrom(notUtf8);
        VirTypedParameter.type(parameter, 7);
        VirTypedParameter.value_s(parameter, notUtf8);
        invoke(row(DomainEvent.TUNABLE), List.of(parameter, 1), number);
        Loans.end(number);
        String text = "/\uDCE9a";
        assertThat(seen)
                .containsExactly(
                        new DomainEvent.DeviceAdded(domain.identity(), text),
                        new DomainEvent.Tunable(
                                domain.identity(),
                                new TypedParameters(List.of(new TypedParameter.OfString(text, text)))));
    }

    static Stream<ConnectionCalls> connections() {
        return Stream.of(ConnectionCalls.values());
    }

    @ParameterizedTest
    @MethodSource("connections")
    void ofAConnectionThatBrokeOff(ConnectionCalls calls) throws Throwable {
        List<Event> seen = new ArrayList<>();
        EventSink sink = seen::add;
        long number = Loans.lend(sink);
        Upcall upcall = calls.closeUpcall();
        invoke(upcall, null, List.of(77), number);
        Loans.end(number);
        assertThat(seen).containsExactly(new ConnectEvent.Closed(77));

        List<String> reported = new CopyOnWriteArrayList<>();
        Libvirt.setUncaughtHandler((callback, thrown) -> reported.add(callback + " " + thrown.getMessage()));
        EventSink bad = _ -> {
            throw new IllegalStateException("on purpose");
        };
        number = Loans.lend(bad);
        invoke(upcall, null, List.of(2), number);
        Loans.end(number);
        assertThat(reported).containsExactly(upcall.cName() + " on purpose");
    }

    @Test
    void giveTheirParametersByNameAndType() {
        TypedParameters all = allTypes();
        assertThat(all.getLong("int")).hasValue(-1);
        assertThat(all.getLong("uint")).hasValue(0xFFFF_FFFFL);
        assertThat(all.getLong("nobody")).isEmpty();
        assertThat(all.getDouble("double")).hasValue(0.5);
        assertThat(all.getBoolean("boolean")).contains(true);
        assertThat(all.getString("string")).contains("text");
        assertThat(all.getString(LONGEST)).isEmpty();
        assertThat(all).hasSize(9);
        assertThat(all.toString()).contains("ullong=18446744073709551615").contains("newer=42");
        assertThat(all.get("newer")).contains(new TypedParameter.Unrecognized("newer", 8, 42L));
    }
}
