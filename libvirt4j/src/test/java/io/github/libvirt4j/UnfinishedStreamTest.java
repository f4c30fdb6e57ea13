package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnfinishedStreamException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import io.github.libvirt4j.types.StreamFlags;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams that are closed before anybody knows whether what was sent has arrived.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class UnfinishedStreamTest {
    private static final int SIZE = 1 << 20;

    private VolumeStorage storage;
    private Connect connect;

    @BeforeEach
    void open() {
        storage = new VolumeStorage();
        connect = storage.connect();
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        assertThat(connect.closeResult()).isZero();
    }

    private Stream upload(StreamFlags... flags) {
        Stream stream = connect.newStream(flags);
        storage.volume(SIZE).upload(stream, 0, 0);
        return stream;
    }

    /// How data gets over a stream.
    enum Sending {
        PIECE,
        ALL,
        HOLE,
        WITHOUT_WAITING,
        CHANNEL
    }

    private Stream send(Sending how) throws IOException {
        Stream stream = how == Sending.WITHOUT_WAITING ? upload(StreamFlags.NONBLOCK) : connect.newStream();
        if (how == Sending.HOLE) {
            storage.volume(SIZE).upload(stream, 0, SIZE, StorageVolUploadFlags.SPARSE_STREAM);
        } else if (how != Sending.WITHOUT_WAITING) {
            storage.volume(SIZE).upload(stream, 0, 0);
        }
        switch (how) {
            case PIECE -> assertThat(stream.send(ByteBuffer.allocate(10))).isEqualTo(10);
            case ALL ->
                stream.sendAll(into -> {
                    into.put((byte) 1);
                    return -1;
                });
            case HOLE -> stream.sendHole(SIZE);
            case WITHOUT_WAITING -> {
                ByteBuffer data = ByteBuffer.allocate(10);
                while (stream.send(data) == 0) {}
            }
            case CHANNEL ->
                assertThat(stream.channel().write(ByteBuffer.allocate(10))).isEqualTo(10);
        }
        return stream;
    }

    @ParameterizedTest
    @EnumSource
    void sayWhenTheyAreClosed(Sending how) throws IOException {
        Stream stream = send(how);
        assertThatExceptionOfType(UnfinishedStreamException.class)
                .isThrownBy(stream::close)
                .withMessageContaining(stream.toString())
                .withMessageContaining(connect.toString())
                .withMessageContaining(
                        "what was sent may not have arrived. Call finish() before closing it, or abort()");
        assertThat(stream.isClosed()).isTrue();
        stream.close();
        stream.channel().close();
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // Closed only.
    void saySoAsChannelsAndStreamsOfJava(Sending how) throws IOException {
        List<AutoCloseable> all = how == Sending.WITHOUT_WAITING
                ? List.of(send(how).channel())
                : List.of(
                        send(how).channel(), send(how).outputStream(), send(how).inputStream());
        for (AutoCloseable each : all) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(each::close)
                    .withCauseInstanceOf(UnfinishedStreamException.class)
                    .withMessageContaining("Call finish() before closing it");
            assertThatNoException().isThrownBy(each::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sayNothingWhereThatIsNoNews(Sending how) throws IOException {
        try (Stream finished = send(how)) {
            finished.finish();
        }
        try (Stream aborted = send(how)) {
            aborted.abort();
        }
        try (Stream finished = send(how);
                ByteChannel channel = finished.channel()) {
            assertThat(channel.isOpen()).isTrue();
            finished.finish();
        }
    }

    @Test
    void sayNothingWhereNothingWasSent() {
        upload().close();
        upload(StreamFlags.NONBLOCK).close();
        connect.newStream().close();
        try (Stream stream = upload()) {
            assertThat(stream.send(ByteBuffer.allocate(0))).isZero();
        }
        try (Stream received = connect.newStream()) {
            storage.volume(SIZE).download(received, 0, 0);
            assertThat(received.receive(ByteBuffer.allocate(10))).isEqualTo(10);
        }
    }

    private static final class OnPurpose extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// The exception on its way comes first.
    @Test
    void sayItBesideWhatElseWentWrong() {
        Throwable thrown = catchThrowable(() -> {
            try (Stream stream = upload();
                    OutputStream out = new BufferedOutputStream(stream.outputStream())) {
                out.write(new byte[SIZE / 2]);
                throw new OnPurpose();
            }
        });
        assertThat(thrown).isExactlyInstanceOf(OnPurpose.class);
        assertThat(thrown.getSuppressed())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCauseInstanceOf(UnfinishedStreamException.class));
        thrown = catchThrowable(() -> {
            try (Stream stream = upload()) {
                stream.send(ByteBuffer.allocate(10));
                throw new OnPurpose();
            }
        });
        assertThat(thrown).isExactlyInstanceOf(OnPurpose.class);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(UnfinishedStreamException.class);
    }

    @Test
    void sayNothingAfterASourceThrew() {
        Throwable thrown = catchThrowable(() -> {
            try (Stream stream = upload()) {
                stream.send(ByteBuffer.allocate(10));
                stream.sendAll(_ -> {
                    throw new OnPurpose();
                });
            }
        });
        assertThat(thrown).isExactlyInstanceOf(OnPurpose.class);
        assertThat(thrown.getSuppressed()).noneMatch(UnfinishedStreamException.class::isInstance);
    }

    /// Sending or finishing says it then.
    @Test
    void sayNothingAfterTheOtherSideIsGone() throws IOException {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect own = Connect.open(VolumeStorage.uri(daemon))) {
            // Not closed: its volumes cannot be deleted any more. They go with the daemon's folder.
            VolumeStorage there = new VolumeStorage(daemon, own);
            Stream sends = own.newStream();
            there.volume(SIZE).upload(sends, 0, 0);
            Stream finishes = own.newStream();
            there.volume(SIZE).upload(finishes, 0, 0);
            sends.send(ByteBuffer.allocate(10));
            finishes.send(ByteBuffer.allocate(10));
            daemon.kill();
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> {
                while (true) {
                    sends.send(ByteBuffer.allocate(10));
                }
            });
            sends.close();
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(finishes::finish);
            finishes.close();
        }
    }

    @Test
    void sayItAfterTheirConnectionWasClosed() {
        Connect own = Connect.open(VolumeStorage.uri(SessionDaemon.shared()));
        Stream sent = own.newStream();
        Stream empty = own.newStream();
        try (StoragePool pool = own.storagePools().lookupByName(storage.pool().name())) {
            storage.volume(SIZE);
            for (StorageVol volume : pool.volumes().listAll()) {
                volume.upload(sent, 0, 0);
            }
            storage.volume(SIZE);
            pool.refresh();
            pool.volumes().listAll().getFirst().upload(empty, 0, 0);
        }
        sent.send(ByteBuffer.allocate(10));
        own.close();
        assertThat(own.closeResult()).isZero();
        assertThatExceptionOfType(UnfinishedStreamException.class).isThrownBy(sent::close);
        sent.close();
        empty.close();
    }

    @Test
    void sayItOnTheEventLoopToo() throws Exception {
        Stream stream = send(Sending.PIECE);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (Connect other = Connect.open(Embedded.URI);
                Domain domain = other.domains().lookupByName("test");
                Registration _ = other.on(
                        Set.of(DomainEvent.LIFECYCLE),
                        Delivery.direct(),
                        _ -> thrown.complete(catchThrowable(stream::close)))) {
            domain.suspend();
            domain.resume();
            assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(UnfinishedStreamException.class);
        }
    }

    /// Nobody is there to throw at.
    @Test
    void areLoggedWhereTheyAreForgottenOrClosedWithTheirConnection() throws Exception {
        for (String end : List.of("forgotten", "connection", "closed")) {
            ChildVm vm = ChildVm.run(
                    Loses.class,
                    List.of("--enable-native-access=ALL-UNNAMED"),
                    VolumeStorage.uri(SessionDaemon.shared()),
                    storage.pool().name(),
                    end);
            assertThat(vm.status()).as("%s", vm.lines()).isZero();
            assertThat(vm.lines().stream().filter(line -> line.contains("before it was finished: what was sent")))
                    .as("%s: %s", end, vm.lines())
                    .hasSize(end.equals("closed") ? 0 : 1);
        }
    }

    /// Ends a stream that has sent something.
    static final class Loses {
        public static void main(String... args) throws Exception {
            try (Connect connect = Connect.open(args[0])) {
                send(connect, args[1], args[2]);
                if (args[2].equals("forgotten")) {
                    while (Libvirt.handlesOpen() > 1) {
                        System.gc();
                        Thread.sleep(10);
                    }
                }
            }
        }

        private static void send(Connect connect, String pool, String end) {
            Stream stream = connect.newStream();
            try (StoragePool there = connect.storagePools().lookupByName(pool);
                    StorageVol volume = there.volumes()
                            .create("<volume><name>%s</name><capacity>1000000</capacity></volume>".formatted(end))) {
                volume.upload(stream, 0, 0);
            }
            stream.send(ByteBuffer.allocate(10));
            if (end.equals("closed")) {
                try {
                    stream.close();
                    throw new AssertionError("nothing was said");
                } catch (UnfinishedStreamException e) {
                    // As it must be.
                }
            }
        }
    }
}
