package io.github.libvirt4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class HangWatchTest {
    /// In a VM of its own.
    static final class Hanging {
        public static void main(String[] arguments) {
            LauncherFactory.create()
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(DiscoverySelectors.selectClass(Hanging.class))
                            .build());
        }

        @Test
        void waitsForEver() {
            // Deaf to interrupts, as a call into C is.
            CompletableFuture.runAsync(() -> {}, _ -> {}).join();
        }
    }

    @Test
    void endsAHangAndSaysWhereItWas() throws Exception {
        Process process = new ProcessBuilder(
                        JavaCommand.own(),
                        "-Dtest.hangSeconds=1",
                        "-cp",
                        Objects.requireNonNull(System.getProperty("java.class.path")),
                        Hanging.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output)
                .contains("Nothing has happened for 1 s after the start of")
                .contains("[method:waitsForEver()]")
                .contains("HangWatchTest$Hanging.waitsForEver");
        assertThat(process.waitFor()).isOne();
    }
}
