package io.github.libvirt4j.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.support.LyingDaemon;
import io.github.libvirt4j.support.StoppedQemu;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainShutdownFlags;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Each type of exception, provoked for real where a driver can be made to fail in that way.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class LibvirtExceptionTest {
    private static final String TEST = "test:///default";
    private static final String QEMU = SessionDaemon.shared().unixUri("qemu:///session");

    private static void assertThrows(Class<? extends LibvirtException> type, ErrorNumber code, ThrowingCallable call) {
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).isExactlyInstanceOf(type);
            assertThat(e).hasMessageStartingWith(e.function() + ": ").hasMessageContaining(code.name());
        });
    }

    private static String xml(String type, String name, String devices) {
        return """
                <domain type='%s'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                  <devices>%s</devices>
                </domain>
                """.formatted(type, name, devices);
    }

    @Test
    void isOfOneTypeForEachCode() {
        Map<ErrorNumber, Class<?>> types = new EnumMap<>(ErrorNumber.class);
        for (ErrorNumber code : ErrorNumber.values()) {
            if (code != ErrorNumber.UNRECOGNIZED) {
                types.put(code, LibvirtException.of("f", error(code.value())).getClass());
            }
        }
        assertThat(types)
                .containsEntry(ErrorNumber.INTERNAL_ERROR, LibvirtException.class)
                .containsEntry(ErrorNumber.ACCESS_DENIED, AccessDeniedException.class)
                .containsEntry(ErrorNumber.AGENT_COMMAND_TIMEOUT, AgentUnresponsiveException.class)
                .containsEntry(ErrorNumber.AGENT_UNSYNCED, AgentUnresponsiveException.class)
                .containsEntry(ErrorNumber.NETWORK_PORT_EXIST, AlreadyExistsException.class)
                .containsEntry(ErrorNumber.BLOCK_COPY_ACTIVE, ResourceBusyException.class);
        // One for each noun.
        types.forEach((code, type) -> {
            if (code.name().startsWith("NO_")
                    && code.name().matches("NO_(DOMAIN|NETWORK|NW|NODE_|STORAGE|INTER|SECRET).*")) {
                assertThat(type).as(code.name()).isEqualTo(NotFoundException.class);
            }
        });
        assertThat(LibvirtException.of("f", error(4711)))
                .isExactlyInstanceOf(LibvirtException.class)
                .hasMessageContaining("error 4711");
    }

    private static LibvirtError error(int code) {
        return new LibvirtError(code, 0, 2, "message", null, null, null, 0, 0);
    }

    @Test
    void isOfAnObjectThatExists(@TempDir Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String pool = "<pool type='dir'><name>%s</name><target><path>%s</path></target></pool>"
                .formatted(UUID.randomUUID(), folder.toRealPath());
        String volume = "<volume><name>twin</name><capacity>1024</capacity></volume>";
        try (Connect connect = Connect.open(QEMU);
                StoragePool dir = connect.storagePools().create(pool);
                StorageVol first = dir.volumes().create(volume)) {
            assertThrows(
                    AlreadyExistsException.class,
                    ErrorNumber.STORAGE_VOL_EXIST,
                    () -> dir.volumes().create(volume));
            first.delete();
            dir.destroy();
        }
    }

    /// As AlreadyExistsException says.
    @Test
    void isOfNoTypeForTwinsOfDomains() {
        for (String uri : new String[] {TEST, QEMU}) {
            String type = uri.equals(TEST) ? "test" : "qemu";
            String name = UUID.randomUUID().toString();
            try (Connect connect = Connect.open(uri);
                    Domain first = connect.domains().define(xml(type, name, ""))) {
                assertThrows(
                        LibvirtException.class,
                        ErrorNumber.OPERATION_FAILED,
                        () -> connect.domains().define(xml(type, name, "")));
                first.undefine();
            }
        }
    }

    @Test
    void isOfAnArgument() {
        try (Connect connect = Connect.open(TEST)) {
            assertThrows(
                    InvalidArgumentException.class,
                    ErrorNumber.XML_DETAIL,
                    () -> connect.domains().define("no XML"));
            assertThrows(
                    InvalidArgumentException.class,
                    ErrorNumber.XML_ERROR,
                    () -> connect.domains().define("<network/>"));
            assertThrows(
                    InvalidArgumentException.class,
                    ErrorNumber.INVALID_ARG,
                    () -> connect.node().cpuModelNames("nothing"));
        }
    }

    @Test
    void isOfAReadOnlyConnection() {
        try (Connect connect = Connect.to(TEST).readOnly().open();
                Domain domain = connect.domains().lookupByName("test")) {
            assertThrows(AccessDeniedException.class, ErrorNumber.OPERATION_DENIED, domain::suspend);
        }
    }

    @Test
    void isOfAnObjectThatIsNotThere() {
        try (Connect connect = Connect.open(TEST)) {
            assertThrows(
                    NotFoundException.class,
                    ErrorNumber.NO_DOMAIN,
                    () -> connect.domains().lookupByName("nobody"));
        }
    }

    @Test
    void isOfAState() {
        try (Connect connect = Connect.open(QEMU);
                Domain domain =
                        connect.domains().define(xml("qemu", UUID.randomUUID().toString(), ""))) {
            assertThrows(OperationInvalidException.class, ErrorNumber.OPERATION_INVALID, domain::suspend);
            domain.undefine();
        }
    }

    @Test
    void isOfAFunctionTheDriverHasNot() {
        try (Connect connect = Connect.open(TEST)) {
            assertThrows(
                    UnsupportedException.class,
                    ErrorNumber.NO_SUPPORT,
                    () -> connect.node().memoryStats());
        }
    }

    /// The guest stands still, and nobody has opened the agent's channel in it.
    @Test
    void isOfAnAgent() {
        String channel = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>";
        try (Connect connect = Connect.open(QEMU);
                Domain guest = connect.domains()
                        .create(xml("qemu", UUID.randomUUID().toString(), channel), DomainCreateFlags.START_PAUSED)) {
            guest.resume();
            assertThrows(
                    AgentUnresponsiveException.class,
                    ErrorNumber.AGENT_UNRESPONSIVE,
                    () -> guest.shutdown(DomainShutdownFlags.GUEST_AGENT));
            guest.destroy();
        }
    }

    /// QEMU is stopped: the first call holds the domain's lock, the second one waits for it in vain.
    @Test
    @Tag("slow")
    @Tag("once")
    void isOfADomainThatAnotherCallHolds() throws Exception {
        String name = UUID.randomUUID().toString();
        try (Connect connect = Connect.open(QEMU);
                Connect another = Connect.open(QEMU);
                var executor = Executors.newSingleThreadExecutor();
                Domain guest = connect.domains().create(xml("qemu", name, ""), DomainCreateFlags.START_PAUSED)) {
            Future<?> held;
            try (Domain twin = another.domains().lookupByName(name);
                    var _ = new StoppedQemu(guest.uuid())) {
                held = executor.submit(guest::resume);
                TimeUnit.SECONDS.sleep(1);
                assertThrows(OperationTimeoutException.class, ErrorNumber.OPERATION_TIMEOUT, twin::reset);
            }
            held.get(30, TimeUnit.SECONDS);
            guest.destroy();
        }
    }

    /// The lock of a disk that another host's guest holds, and a job that somebody else aborts: a made-up
    /// daemon says so.
    @Test
    void isOfWhatAMadeUpDaemonSays() throws IOException {
        int nodeGetInfo = 6;
        try (LyingDaemon daemon = new LyingDaemon();
                Connect connect = Connect.open(daemon.uri())) {
            daemon.fail(nodeGetInfo, ErrorNumber.RESOURCE_BUSY.value(), "locked");
            assertThrows(
                    ResourceBusyException.class,
                    ErrorNumber.RESOURCE_BUSY,
                    () -> connect.node().info());
            daemon.fail(nodeGetInfo, ErrorNumber.OPERATION_ABORTED.value(), "aborted");
            assertThrows(
                    OperationAbortedException.class,
                    ErrorNumber.OPERATION_ABORTED,
                    () -> connect.node().info());
            daemon.fail(nodeGetInfo, ErrorNumber.ACCESS_DENIED.value(), "denied");
            assertThrows(
                    AccessDeniedException.class,
                    ErrorNumber.ACCESS_DENIED,
                    () -> connect.node().info());
        }
    }
}
