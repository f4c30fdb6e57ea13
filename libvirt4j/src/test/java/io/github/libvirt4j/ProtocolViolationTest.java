package io.github.libvirt4j;

import static io.github.libvirt4j.support.LyingDaemon.xdr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.support.LargeBlock;
import io.github.libvirt4j.support.LyingDaemon;
import io.github.libvirt4j.support.LyingDaemon.Xdr;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.StorageVolDownloadFlags;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers of a daemon that libvirt lets pass and that cannot be.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ProtocolViolationTest {
    private static final int NODE_GET_INFO = 6;
    private static final int STORAGE_VOL_LOOKUP_BY_PATH = 97;
    private static final int NODE_DEVICE_LOOKUP_BY_NAME = 113;
    private static final int NODE_DEVICE_NUM_OF_CAPS = 116;
    private static final int NODE_DEVICE_LIST_CAPS = 117;
    private static final int STORAGE_VOL_DOWNLOAD = 209;
    private static final int LIST_ALL_DOMAINS = 273;

    private LyingDaemon daemon;
    private Connect connect;

    @BeforeEach
    void open() throws IOException {
        daemon = new LyingDaemon();
        connect = Connect.open(daemon.uri());
    }

    @AfterEach
    void close() throws IOException {
        try (LyingDaemon _ = daemon) {
            connect.close();
        }
    }

    private static void assertViolation(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProtocolViolationException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorNumber.RPC))
                .hasMessage(message + " (RPC)");
    }

    private void answerDomains(int count, int announced) {
        Xdr domains = xdr().ints(count);
        for (int i = 0; i < count; i++) {
            domains.string("d" + i).fixed(new byte[16]).ints(i);
        }
        daemon.answer(LIST_ALL_DOMAINS, domains.ints(announced));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 100_000, Integer.MAX_VALUE})
    void refuseAListOfAnotherLengthThanAnnounced(int announced) {
        answerDomains(3, announced);
        assertViolation(
                () -> connect.domains().listAll(),
                "virConnectListAllDomains: announced " + announced + " elements, and gave 3");
        // Nothing of it is left, and the connection is as it was.
        assertThat(Libvirt.handlesOpen()).isEqualTo(1);
        answerDomains(2, 2);
        for (Domain domain : connect.domains().listAll()) {
            assertThat(domain.name()).isIn("d0", "d1");
            domain.close();
        }
    }

    @Test
    void refuseAnEmptyListThatIsAnnouncedAsFull() {
        answerDomains(0, 1);
        assertViolation(() -> connect.domains().listAll(), "virConnectListAllDomains: announced 1 elements, and gave 0");
        answerDomains(0, -1);
        assertThatThrownBy(() -> connect.domains().listAll()).isInstanceOf(LibvirtException.class);
    }

    /// The array C made, and what is in it.
    @Test
    void leaveNothingOfAListInMemory() {
        for (int announced : new int[] {0, 1}) {
            MemorySegment array = LargeBlock.allocate();
            array.set(ValueLayout.ADDRESS, 0, MemorySegment.NULL);
            Handle.FillCall list = (_, memory) -> {
                memory.set(ValueLayout.ADDRESS, 0, array);
                return announced;
            };
            Handle.Made<Domain> none = _ -> {
                throw new AssertionError();
            };
            if (announced == 0) {
                assertThat(connect.list("list", list, none)).isEmpty();
            } else {
                assertViolation(() -> connect.list("list", list, none), "list: announced 1 elements, and gave 0");
            }
            assertThat(LargeBlock.isAllocated(array)).isFalse();
        }
    }

    /// All that C gave is given back where one of them cannot be made a handle of.
    @Test
    void giveBackWhatNoHandleIsMadeOf() {
        MemorySegment array = LargeBlock.allocate();
        for (int i = 0; i < 4; i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, MemorySegment.ofAddress(i == 3 ? 0 : i + 1));
        }
        List<Long> given = new ArrayList<>();
        List<Long> back = new ArrayList<>();
        Handle.Made<Domain> failing = new Handle.Made<>() {
            @Override
            public Domain of(MemorySegment pointer) {
                given.add(pointer.address());
                throw new OutOfMemoryError("on purpose");
            }

            @Override
            public void giveBack(MemorySegment pointer) {
                back.add(pointer.address());
            }
        };
        assertThatThrownBy(() -> connect.list(
                        "list",
                        (_, memory) -> {
                            memory.set(ValueLayout.ADDRESS, 0, array);
                            return 3;
                        },
                        failing))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(given).containsExactly(1L);
        assertThat(back).containsExactly(2L, 3L);
        assertThat(LargeBlock.isAllocated(array)).isFalse();
    }

    @Test
    void takeATextThatFillsItsArrayForWhatItIs() {
        String model = "0123456789abcdef0123456789abcdé";
        Xdr info = xdr();
        for (byte each : model.getBytes(StandardCharsets.UTF_8)) {
            info.ints(each);
        }
        daemon.answer(NODE_GET_INFO, info.hyper(1).ints(2, 3, 4, 5, 6, 7));
        assertThat(connect.node().info()).isEqualTo(new Node.Info(model, 1, 2, 3, 4, 5, 6, 7));
    }

    @Test
    void refuseToHaveBeenGivenMoreThanThereIsRoomFor() {
        assertThat(CMemory.count("virStreamRecv", 5, 5)).isEqualTo(5);
        assertViolation(
                () -> CMemory.count("virStreamRecv", 6, 5), "virStreamRecv: announced 6 elements, and was given 5");
    }

    @Test
    void refuseMoreCapabilitiesThanCanCome() {
        daemon.answer(NODE_DEVICE_LOOKUP_BY_NAME, xdr().string("computer"));
        try (NodeDevice device = connect.nodeDevices().lookupByName("computer")) {
            daemon.answer(NODE_DEVICE_NUM_OF_CAPS, xdr().ints(65_537));
            assertViolation(device::caps, "virNodeDeviceNumOfCaps: announced 65537 elements; libvirt carries 65536");
            daemon.answer(NODE_DEVICE_NUM_OF_CAPS, xdr().ints(3));
            daemon.answer(NODE_DEVICE_LIST_CAPS, xdr().ints(2).string("pci").string("net"));
            assertThat(device.caps()).containsExactly("pci", "net");
        }
    }

    private Stream download() {
        daemon.answer(
                STORAGE_VOL_LOOKUP_BY_PATH,
                xdr().string("pool").string("volume").string("/key"));
        Stream stream = connect.newStream();
        try (StorageVol volume = connect.storageVols().lookupByPath("/key")) {
            volume.download(stream, 0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
        }
        return stream;
    }

    /// A sink's position would be negative.
    @Test
    void refuseHolesBehindTheLastPosition() {
        daemon.holes(STORAGE_VOL_DOWNLOAD, Long.MAX_VALUE, 4096L);
        List<Long> holes = new ArrayList<>();
        var sink = new SparseSink<RuntimeException>() {
            @Override
            public void write(ByteBuffer data) {
                data.position(data.limit());
            }

            @Override
            public void hole(long length) {
                holes.add(length);
            }
        };
        try (Stream stream = download()) {
            assertViolation(
                    () -> stream.sparseReceiveAll(sink),
                    "virStreamSinkHoleFunc: a hole of 4096 bytes behind " + Long.MAX_VALUE);
        }
        assertThat(holes).containsExactly(Long.MAX_VALUE);
        holes.clear();
        daemon.holes(STORAGE_VOL_DOWNLOAD, 4096L);
        try (Stream stream = download()) {
            stream.sparseReceiveAll(sink);
            stream.finish();
        }
        assertThat(holes).containsExactly(4096L);
    }
}
