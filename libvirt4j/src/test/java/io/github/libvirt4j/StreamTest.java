package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class StreamTest {
    @Test
    void takesAScreenshot() {
        try (Connect connect = Embedded.open()) {
            var picture = new ByteArrayOutputStream();
            String type = connect.lookupDomainByName("test").screenshot(0, from -> {
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                picture.writeBytes(bytes);
            });
            assertThat(type).isEqualTo("image/png");
            assertThat(picture.size()).isGreaterThan(1000);
        }
    }

    @Test
    void sendsAndReceives() throws Exception {
        try (VolumeStorage storage = new VolumeStorage()) {
            byte[] data = new byte[3_000_000];
            new Random(1).nextBytes(data);
            StorageVol volume = storage.volume(data.length);
            ByteBuffer from = ByteBuffer.wrap(data);
            try (Stream stream = storage.connect().newStream()) {
                volume.upload(stream, 0, 0);
                stream.<RuntimeException>sendAll(into -> {
                    if (!from.hasRemaining()) {
                        return -1;
                    }
                    int n = Math.min(into.remaining(), from.remaining());
                    into.put(from.slice(from.position(), n));
                    from.position(from.position() + n);
                    return n;
                });
                stream.finish();
            }
            assertThat(Files.readAllBytes(VolumeStorage.file(volume))).isEqualTo(data);
            var got = new ByteArrayOutputStream();
            try (Stream stream = storage.connect().newStream()) {
                volume.download(stream, 0, 0);
                try (var in = stream.inputStream()) {
                    in.transferTo(got);
                    stream.finish();
                }
            }
            assertThat(got.toByteArray()).isEqualTo(data);
        }
    }
}
