package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FaultyProxyTest {
    private static final int REMOTE = 0x20008086;
    private static final int EVENT = 2;

    /// More than the buffers of sockets hold.
    private static final int SIZE = 60 << 20;

    private static ByteBuffer event() {
        return ByteBuffer.allocate(SIZE)
                .putInt(SIZE)
                .putInt(REMOTE)
                .putInt(1)
                .putInt(0)
                .putInt(EVENT)
                .clear();
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void closesWhileAProgramDoesNotRead(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
                var proxy = new FaultyProxy(socket);
                SocketChannel _ = SocketChannel.open(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        URI.create(proxy.uri()).getPort()));
                SocketChannel daemon = server.accept()) {
            ByteBuffer event = event();
            while (event.hasRemaining()) {
                daemon.write(event);
            }
            // The proxy now begins to pass the event on.
            Thread.sleep(100);
            var closed = new CompletableFuture<Boolean>();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    proxy.close();
                    closed.complete(true);
                } catch (Exception e) {
                    closed.completeExceptionally(e);
                }
            });
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
