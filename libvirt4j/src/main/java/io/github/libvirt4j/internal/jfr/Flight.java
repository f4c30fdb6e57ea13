package io.github.libvirt4j.internal.jfr;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/// Waits for recordings of the JDK Flight Recorder. The observer and the events are loaded for the first one:
/// most programs have none, and a start takes no time for it.
public final class Flight implements FlightRecorderListener {
    private @Nullable FlightObserver observer;

    private Flight() {}

    /// Begins to wait. Once in a process.
    public static void begin() {
        FlightRecorder.addListener(new Flight());
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        recordingsChanged();
    }

    @Override
    public void recordingStateChanged(Recording recording) {
        recordingsChanged();
    }

    private synchronized void recordingsChanged() {
        if (observer == null) {
            observer = new FlightObserver();
        }
        observer.recordingsChanged();
    }
}
