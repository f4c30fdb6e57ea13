package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.Observers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Recordings of the library by the JDK Flight Recorder.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FlightTest {
    @TempDir
    Path folder;

    private List<RecordedEvent> recorded(Recording recording) throws IOException {
        recording.stop();
        Path file = folder.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.github.libvirt4j."))
                .toList();
    }

    private static void awaitObserved() throws InterruptedException {
        while (Observers.isEmpty()) {
            Thread.sleep(1);
        }
    }

    @Test
    void hasCallsEventsAndHandlers() throws Exception {
        var handled = new CountDownLatch(1);
        try (var recording = new Recording();
                Connect connect = Embedded.open();
                Domain domain = Embedded.define(connect);
                Registration registration = domain.on(DomainEvent.LIFECYCLE, _ -> handled.countDown())) {
            recording.enable("io.github.libvirt4j.Call").withThreshold(Duration.ZERO);
            recording.enable("io.github.libvirt4j.Event");
            recording.enable("io.github.libvirt4j.Handler");
            recording.start();
            awaitObserved();
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> connect.domains().lookupByName("none"));
            domain.create();
            assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
            // It is recorded when the handler has returned.
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            domain.destroy();
            domain.undefine();
            List<RecordedEvent> events = recorded(recording);
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().endsWith(".Call"))
                    .extracting(event -> event.getString("function") + " " + event.getString("outcome"))
                    .contains("virDomainLookupByName NO_DOMAIN", "virDomainCreateWithFlags OK");
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().endsWith(".Event"))
                    .extracting(event -> event.getString("uri") + " " + event.getString("kind"))
                    .contains("test:///default domain.lifecycle");
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().endsWith(".Handler"))
                    .extracting(event -> event.getString("kind"))
                    .contains("domain.lifecycle");
            assertThat(events).allMatch(event -> event.getStackTrace() == null);
            assertThat(events)
                    .noneMatch(
                            event -> event.toString().contains(domain.identity().name()));
        }
        assertThat(Observers.isEmpty()).isTrue();
    }

    /// Calls are quicker than 20 ms here.
    @Test
    void leavesOutWhatIsBelowTheThreshold() throws Exception {
        try (var recording = new Recording();
                Connect connect = Embedded.open()) {
            recording.enable("io.github.libvirt4j.Call").withThreshold(Duration.ofSeconds(30));
            recording.start();
            awaitObserved();
            connect.hostname();
            assertThat(recorded(recording)).isEmpty();
        }
    }

    @Test
    void isOffUnlessItIsAskedFor() throws Exception {
        try (var recording = new Recording();
                Connect connect = Embedded.open()) {
            recording.enable("jdk.GarbageCollection");
            recording.start();
            connect.hostname();
            assertThat(Observers.isEmpty()).isTrue();
            assertThat(recorded(recording)).isEmpty();
        }
    }
}
