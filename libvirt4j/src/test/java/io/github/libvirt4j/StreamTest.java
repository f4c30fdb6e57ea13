package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import io.github.libvirt4j.types.StreamRecvFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams that receive: a screenshot is the one stream that libvirt's test driver has.
@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
@Timeout(60)
class StreamTest {
    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private byte[] picture;

    StreamTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
        domain = connect.domains().lookupByName("test");
        var bytes = new ByteArrayOutputStream();
        assertThat(domain.console().screenshot(0, from -> drain(from, bytes))).isEqualTo("image/png");
        picture = bytes.toByteArray();
    }

    @AfterEach
    void close() {
        connect.close();
        assertThat(connect.closeResult()).isZero();
    }

    static void drain(ByteBuffer from, ByteArrayOutputStream to) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        to.writeBytes(bytes);
    }

    private Stream screenshot(StreamFlags... flags) {
        Stream stream = connect.newStream(flags);
        domain.console().screenshot(stream, 0);
        return stream;
    }

    @Test
    void bringsAPicture() {
        assertThat(picture).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(10_000);
    }

    @Test
    void callsTheSinkUntilNothingRemains() {
        var bytes = new ByteArrayOutputStream();
        domain.console().screenshot(0, from -> bytes.write(from.get()));
        assertThat(bytes.toByteArray()).isEqualTo(picture);
    }

    @Test
    void offersWhatASinkCutOff() {
        var bytes = new ByteArrayOutputStream();
        domain.console()
                .screenshot(0, from -> drain(from.limit(Math.min(from.position() + 1000, from.limit())), bytes));
        assertThat(bytes.toByteArray()).isEqualTo(picture);
    }

    private static final class OfTheSink extends Exception {
        private static final long serialVersionUID = 1;
    }

    @Test
    void rethrowsWhatTheSinkThrew() {
        OfTheSink thrown = new OfTheSink();
        AtomicInteger calls = new AtomicInteger();
        try (Stream stream = screenshot()) {
            Throwable caught = catchThrowable(() -> stream.<OfTheSink>receiveAll(_ -> {
                calls.incrementAndGet();
                throw thrown;
            }));
            assertThat(caught).isSameAs(thrown);
            assertThat(caught.getSuppressed()).singleElement().isInstanceOf(LibvirtException.class);
            assertThat(calls).hasValue(1);
            assertThatIllegalStateException()
                    .isThrownBy(stream::finish)
                    .withMessageContaining("it was aborted, or failed");
            stream.abort();
        }
        // Nothing of it is left in C.
        assertThat(domain.console().screenshot(0, StreamTest::skip)).isEqualTo("image/png");
    }

    private static void skip(ByteBuffer buffer) {
        buffer.position(buffer.limit());
    }

    @Test
    void refusesASinkThatTakesNothing() {
        AtomicInteger calls = new AtomicInteger();
        assertThatIllegalStateException()
                .isThrownBy(() -> domain.console().screenshot(0, _ -> calls.incrementAndGet()))
                .withMessageContaining("took nothing out of a buffer");
        assertThat(calls).hasValue(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> domain.console().screenshot(0, buffer -> buffer.position(0)))
                .withMessageContaining("took nothing out of a buffer");
    }

    @Test
    void lendsTheBufferForOneCallOnly() {
        List<ByteBuffer> kept = new ArrayList<>();
        domain.console().screenshot(0, buffer -> {
            assertThat(buffer.isReadOnly()).isTrue();
            assertThat(buffer.isDirect()).isTrue();
            kept.add(buffer.duplicate());
            skip(buffer);
        });
        assertThat(kept)
                .isNotEmpty()
                .allSatisfy(buffer -> assertThatIllegalStateException().isThrownBy(buffer::get));
    }

    @Test
    void isNotEndedWithinItsSink() {
        List<Throwable> refused = new ArrayList<>();
        var bytes = new ByteArrayOutputStream();
        try (Stream stream = screenshot()) {
            stream.receiveAll(buffer -> {
                refused.add(catchThrowable(stream::finish));
                refused.add(catchThrowable(stream::abort));
                refused.add(catchThrowable(stream::close));
                refused.add(catchThrowable(() -> stream.receiveAll(StreamTest::skip)));
                drain(buffer, bytes);
            });
            stream.finish();
        }
        assertThat(refused)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(e -> assertThat(e)
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("within a source or sink of the stream"));
        assertThat(bytes.toByteArray()).isEqualTo(picture);
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void letsItsConnectionBeClosedWithinItsSink() {
        try (Connect own = driver.open();
                Stream stream = own.newStream()) {
            own.domains().lookupByName("test").console().screenshot(stream, 0);
            Throwable caught = catchThrowable(() -> stream.receiveAll(buffer -> {
                own.close();
                skip(buffer);
            }));
            if (caught != null) {
                // Else the rest came before the end of the connection.
                assertThat(caught).isInstanceOf(LibvirtException.class);
            }
            assertThat(own.isClosed()).isTrue();
            // There it did not wait.
            own.close();
            assertThat(stream.isClosed()).isTrue();
        }
    }

    @Test
    void receivesPieceByPiece() {
        for (ByteBuffer piece : List.of(ByteBuffer.allocate(777), ByteBuffer.allocateDirect(777))) {
            var bytes = new ByteArrayOutputStream();
            try (Stream stream = screenshot()) {
                piece.limit(700).position(50);
                assertThat(stream.receive(ByteBuffer.allocate(0))).isZero();
                int received;
                while ((received = stream.receive(piece)) > 0) {
                    assertThat(piece.position()).isEqualTo(50 + received);
                    drain(piece.duplicate().flip().position(50), bytes);
                    piece.position(50);
                }
                assertThat(received).isEqualTo(-1);
                assertThat(stream.receive(piece)).isEqualTo(-1);
                assertThat(piece.position()).isEqualTo(50);
                stream.finish();
            }
            assertThat(bytes.toByteArray()).isEqualTo(picture);
        }
    }

    @Test
    void refusesToReceiveIntoWhatCannotBeWritten() {
        try (Stream stream = screenshot()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stream.receive(ByteBuffer.allocate(10).asReadOnlyBuffer()))
                    .withMessageContaining("read-only");
        }
    }

    @Test
    void isAnInputStream() throws Exception {
        try (Stream stream = screenshot();
                InputStream in = stream.inputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(picture);
            stream.finish();
        }
    }

    @Test
    void isAChannel() throws Exception {
        Stream stream = screenshot();
        ByteChannel channel = stream.channel();
        assertThat(channel.isOpen()).isTrue();
        ByteBuffer all = ByteBuffer.allocate(picture.length + 1);
        while (channel.read(all) >= 0) {}
        assertThat(all.flip().equals(ByteBuffer.wrap(picture))).isTrue();
        stream.finish();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.read(all.clear()))
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageContaining("it was finished");
        channel.close();
        assertThat(stream.isClosed()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(all));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.write(all));
        channel.close();
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void tellsWhatItIsGoodFor() {
        try (Stream stream = connect.newStream()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.receive(ByteBuffer.allocate(1)))
                    .withMessageContaining("nothing goes over it yet");
            assertThatIllegalStateException()
                    .isThrownBy(stream::finish)
                    .withMessageContaining("nothing goes over it yet");
            domain.console().screenshot(stream, 0);
            assertThatIllegalStateException()
                    .isThrownBy(() -> domain.console().screenshot(stream, 0))
                    .withMessageContaining("used already");
            stream.receiveAll(StreamTest::skip);
            stream.finish();
            assertThatIllegalStateException().isThrownBy(stream::finish).withMessageContaining("it was finished");
            // Even where there is nothing to do.
            assertThatIllegalStateException().isThrownBy(() -> stream.send(ByteBuffer.allocate(0)));
            assertThatIllegalStateException().isThrownBy(() -> stream.receive(ByteBuffer.allocate(0)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.receiveAll(StreamTest::skip))
                    .withMessageContaining("it was finished");
            stream.abort();
            stream.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.receive(ByteBuffer.allocate(1)))
                    .withMessageContaining("is closed");
        }
        try (Stream stream = connect.newStream()) {
            stream.abort();
            assertThatIllegalStateException()
                    .isThrownBy(() -> domain.console().screenshot(stream, 0))
                    .withMessageContaining("it was aborted");
        }
    }

    @Test
    void isUsableAfterWhatWasToGoOverItFailed() {
        try (Stream stream = connect.newStream()) {
            // No driver for tests has consoles.
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> domain.console().open(null, stream))
                    .satisfies(e -> assertThat(e.function()).isEqualTo("virDomainOpenConsole"));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> domain.console().openChannel("org.example.0", stream));
            domain.console().screenshot(stream, 0);
            stream.receiveAll(StreamTest::skip);
            stream.finish();
        }
    }

    @Test
    void belongsToItsConnection() {
        try (Connect other = driver.open();
                Stream stream = other.newStream()) {
            assertThat(stream.connect()).isSameAs(other);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> domain.console().screenshot(stream, 0))
                    .withMessageContaining("of another connection");
        }
    }

    @Test
    void waitsOrDoesNot() {
        try (Stream stream = screenshot(StreamFlags.NONBLOCK)) {
            assertThat(stream.isBlocking()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.receiveAll(StreamTest::skip))
                    .withMessageContaining("does not block");
            assertThatIllegalStateException().isThrownBy(stream::inputStream);
            assertThatIllegalStateException().isThrownBy(stream::outputStream);
            var bytes = new ByteArrayOutputStream();
            ByteBuffer piece = ByteBuffer.allocate(1000);
            // Zero when there is nothing now.
            while (stream.receive(piece) >= 0) {
                drain(piece.flip(), bytes);
                piece.clear();
            }
            assertThat(bytes.toByteArray()).isEqualTo(picture);
            stream.finish();
        }
        try (Stream stream = screenshot()) {
            assertThat(stream.isBlocking()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> stream.on(Set.of(StreamEventType.READABLE), (_, _) -> {}))
                    .withMessageContaining("NONBLOCK");
        }
    }

    @Test
    void hasNoHolesHere() {
        try (Stream stream = screenshot()) {
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> stream.sendHole(10))
                    .satisfies(e -> assertThat(e.code()).isNotNull());
            assertThatIllegalArgumentException().isThrownBy(() -> stream.sendHole(0));
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(stream::receiveHole);
        }
        try (Stream stream = screenshot()) {
            Throwable caught =
                    catchThrowable(() -> stream.receive(ByteBuffer.allocate(10), StreamRecvFlags.STOP_AT_HOLE));
            if (driver == TestDriver.EMBEDDED) {
                assertThat(caught).isInstanceOf(UnsupportedException.class);
            } else {
                assertThat(caught).isNull();
            }
        }
    }

    @Test
    void isAbortedWhenItsConnectionIsClosed() {
        Connect own = driver.open();
        Stream stream = own.newStream();
        own.domains().lookupByName("test").console().screenshot(stream, 0);
        own.close();
        assertThat(own.closeResult()).isZero();
        assertThat(stream.isClosed()).isTrue();
        stream.close();
    }

    @Test
    void isClosedWhenItIsForgotten() throws Exception {
        long before = Libvirt.handlesOpen();
        screenshot();
        connect.newStream();
        assertThat(Libvirt.handlesOpen()).isGreaterThan(before);
        while (Libvirt.handlesOpen() > before) {
            System.gc();
            Thread.sleep(10);
        }
    }
}
