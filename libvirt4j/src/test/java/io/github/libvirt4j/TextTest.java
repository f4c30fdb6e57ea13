package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.ErrorHandler;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.MadeUp;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Text goes to C and comes back as it is, or is refused: `docs/text.md`.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class TextTest {
    private static final String NOT_UTF8 = "a\uDCE9b\uDCFF";

    private static Path file(Path folder, String percentEncoded) {
        return Path.of(URI.create("file://" + folder + "/" + percentEncoded));
    }

    @Test
    void keepsTwoVolumesTwo(@TempDir Path there) throws IOException {
        try (VolumeStorage storage = new VolumeStorage()) {
            StoragePool pool = storage.pool();
            Path folder;
            try (StorageVol volume = storage.volume(1)) {
                folder = Objects.requireNonNull(VolumeStorage.file(volume).getParent());
            }
            Files.writeString(file(folder, "%E9"), "one");
            Files.writeString(file(folder, "%E8"), "three");
            Files.writeString(file(folder, "%C3%A9"), "seven");
            pool.refresh();
            Map<String, String> contents = Map.of("\uDCE9", "one", "\uDCE8", "three", "é", "seven");
            List<StorageVol> volumes = pool.volumes().listAll();
            assertThat(volumes).hasSize(4);
            assertThat(new HashSet<>(volumes)).hasSize(4);
            volumes.forEach(StorageVol::close);
            for (Map.Entry<String, String> each : contents.entrySet()) {
                try (StorageVol byName = pool.volumes().lookupByName(each.getKey());
                        StorageVol byPath = storage.connect().storageVols().lookupByPath(byName.path());
                        StorageVol byKey = storage.connect().storageVols().lookupByKey(byName.key())) {
                    assertThat(byName.name()).isEqualTo(each.getKey());
                    assertThat(byName.path()).endsWith("/" + each.getKey());
                    assertThat(byPath).isEqualTo(byName);
                    assertThat(byKey).isEqualTo(byName);
                    assertThat(byName.xmlDesc()).contains("<name>" + each.getKey() + "</name>");
                    Path copy = file(there, "%FF");
                    byName.download(copy);
                    assertThat(Files.readString(copy)).isEqualTo(each.getValue());
                }
            }
        }
    }

    /// C has to open it by the bytes of its name.
    @ParameterizedTest
    @ValueSource(strings = {"%E9", "%C3%A9", "a%20b"})
    void findsTheHolesOfAFileByItsVeryName(String name, @TempDir Path folder) throws IOException {
        Path file = file(folder, name);
        Files.write(file, new byte[5000]);
        try (VolumeStorage storage = new VolumeStorage();
                StorageVol volume = storage.volume(5000)) {
            volume.upload(file, Transfer.whole().sparse());
            assertThat(Files.size(VolumeStorage.file(volume))).isEqualTo(5000);
        }
    }

    @Test
    void comesBackFromADriverAndInItsMessages() {
        try (Connect connect = Embedded.open();
                StoragePool pool = connect.storagePools().lookupByName("default-pool");
                Domain domain = Embedded.define(connect)) {
            domain.setTitle(NOT_UTF8);
            assertThat(domain.title()).contains(NOT_UTF8);
            assertThat(domain.xmlDesc()).contains("<title>" + NOT_UTF8 + "</title>");
            assertThatThrownBy(() -> pool.volumes().lookupByName(NOT_UTF8))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("'" + NOT_UTF8 + "'");
            List<String> told = new ArrayList<>();
            ErrorHandler before = Libvirt.setErrorHandler(error -> told.add(String.valueOf(error.message())));
            assertThat(pool.volumes().findByName("\uFFFD" + NOT_UTF8)).isEmpty();
            Libvirt.setErrorHandler(before);
            assertThat(told).singleElement().asString().contains("'\uFFFD" + NOT_UTF8 + "'");
            domain.undefine();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%C3%A9.xml", "%E9.xml"})
    void comesBackFromAFileThatAUriNames(String name, @TempDir Path folder) throws IOException {
        Files.writeString(
                file(folder, name),
                "<node><domain type='test'><name>虚拟机-é</name><memory>65536</memory><os><type>hvm</type></os></domain>"
                        + "</node>");
        try (Connect connect = Connect.open("test://" + folder + "/" + name)) {
            assertThat(connect.domains().lookupByName("虚拟机-é").name()).isEqualTo("虚拟机-é");
        }
        assertThatThrownBy(() -> Connect.open("test:///\uD800"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uri has half of a surrogate pair at index 8: it is not Unicode");
    }

    /// Each method of each handle, for each text it takes.
    @Test
    void isRefusedByEveryMethodWhereItCannotBeCarriedOver() throws ReflectiveOperationException {
        int calls = 0;
        try (Connect connect = Embedded.open();
                Domain domain = connect.domains().lookupByName("test");
                Network network = connect.networks().lookupByName("default");
                StoragePool pool = connect.storagePools().lookupByName("default-pool");
                NodeDevice device = connect.nodeDevices().lookupByName("computer");
                StorageVol volume = pool.volumes().create("<volume><name>v</name><capacity>1</capacity></volume>");
                Stream stream = connect.newStream()) {
            List<Object> arguments = List.of(
                    volume,
                    stream,
                    DomainMetadataType.ELEMENT,
                    List.of(),
                    0,
                    0L,
                    false,
                    TypedParameters.builder().build());
            for (Object receiver : List.of(
                    connect,
                    connect.domains(),
                    connect.networks(),
                    connect.interfaces(),
                    connect.storagePools(),
                    connect.storageVols(),
                    connect.nodeDevices(),
                    connect.secrets(),
                    connect.node(),
                    domain,
                    domain.console(),
                    domain.cpu(),
                    domain.memory(),
                    domain.io(),
                    domain.snapshots(),
                    domain.checkpoints(),
                    domain.migration(),
                    domain.disk("vda"),
                    domain.job(),
                    domain.iface("vnet0"),
                    network,
                    pool,
                    pool.volumes(),
                    device,
                    volume,
                    stream)) {
                for (Method method : receiver.getClass().getMethods()) {
                    for (int i = 0; i < method.getParameterCount(); i++) {
                        // A view of a part keeps the name, and its methods refuse it.
                        if (method.getParameterTypes()[i] == String.class
                                && !Modifier.isStatic(method.getModifiers())
                                && !method.getReturnType().isRecord()) {
                            assertRefused(receiver, method, i, arguments);
                            calls++;
                        }
                    }
                }
            }
            volume.delete();
        }
        assertThat(calls).isGreaterThan(35);
    }

    @Test
    void isRefusedByTheMethodsOfAPart() {
        try (Connect connect = Embedded.open();
                Domain domain = connect.domains().lookupByName("test")) {
            for (String bad : List.of("x\0", "x\uD800", "x\uDC00", "\uDCC3\uDCA9")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> domain.disk(bad).info());
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> domain.iface(bad).stats());
            }
        }
    }

    private static void assertRefused(Object receiver, Method method, int index, List<Object> arguments)
            throws ReflectiveOperationException {
        @Nullable Object[] values = MadeUp.arguments(method, arguments);
        for (String bad : List.of("x\0", "x\uD800", "x\uDC00", "\uDCC3\uDCA9")) {
            values[index] = bad;
            assertThatThrownBy(() -> MadeUp.call(receiver, method, values))
                    .as("%s of %s", method, receiver)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".* has (a NUL|half of a surrogate pair|escapes of bytes) at index [01].*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\0", "x\uD800"})
    void isRefusedAsAFilterOfEvents(String bad) {
        try (Connect connect = Connect.open(TestDriver.DAEMON.uri())) {
            assertThatThrownBy(() -> connect.on(DomainEvent.qemuMonitor(bad), _ -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("event has ");
        }
    }

    /// As in containers and in services, where no locale is set.
    @ParameterizedTest
    @ValueSource(strings = {"C", "en_US.ISO-8859-1"})
    void doesNotDependOnTheLocale(String locale) throws Exception {
        ChildVm vm = ChildVm.run(
                List.of("env", "-u", "LANG", "-u", "LC_CTYPE", "LC_ALL=" + locale),
                ChildVm.CLASSES,
                InALocale.class,
                List.of("--enable-native-access=ALL-UNNAMED", "-Dfile.encoding=COMPAT"));
        assertThat(vm.lines()).containsExactly("done");
        assertThat(vm.status()).isZero();
    }

    static final class InALocale {
        private InALocale() {}

        public static void main(String[] arguments) throws IOException {
            String text = "\u865A-\u00E9-\uD83D\uDE00-" + NOT_UTF8;
            try (Connect connect = Embedded.open();
                    Domain domain = connect.domains().define(Embedded.xml("\u865A"))) {
                domain.setTitle(text);
                check(connect.domains().lookupByName("\u865A").name().equals("\u865A"));
                check(domain.title().equals(Optional.of(text)));
                domain.undefine();
            }
            // The upload needs a daemon; what it asks C is this.
            Path folder = Files.createTempDirectory("l4j");
            for (String name : List.of("%E9", "%C3%A9")) {
                Path file = file(folder, name);
                Files.write(file, "x".getBytes(StandardCharsets.UTF_8));
                try (var holes = io.github.libvirt4j.internal.stream.FileHoles.of(file)) {
                    check(holes.nextHole(0) == 1);
                }
                Files.delete(file);
            }
            Files.delete(folder);
            System.out.println("done");
        }

        private static void check(boolean right) {
            if (!right) {
                throw new AssertionError();
            }
        }
    }
}
