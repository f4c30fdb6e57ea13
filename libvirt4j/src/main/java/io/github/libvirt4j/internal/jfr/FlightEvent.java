package io.github.libvirt4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// An event of a recording: off unless it is asked for by name. Its fields name connections and C functions,
/// never a domain.
@Category("libvirt4j")
@Enabled(false)
@StackTrace(false)
abstract class FlightEvent extends Event {
    private FlightEvent() {}

    @Name("io.github.libvirt4j.Call")
    @Label("libvirt Call")
    @Description("A call of libvirt")
    @Threshold("20 ms")
    static final class Call extends FlightEvent {
        @Label("Connection")
        final String uri;

        @Label("Function")
        final String function;

        @Label("Outcome")
        @Description("OK, libvirt's error code, or the type of another exception")
        @Nullable
        String outcome;

        Call(String uri, String function) {
            this.uri = uri;
            this.function = function;
        }
    }

    @Name("io.github.libvirt4j.Abandoned")
    @Label("libvirt Call Abandoned")
    @Description("A caller has stopped waiting for a call of libvirt, which continues in the background")
    static final class Abandoned extends FlightEvent {
        @Label("Connection")
        final String uri;

        @Label("Function")
        final String function;

        Abandoned(String uri, String function) {
            this.uri = uri;
            this.function = function;
        }
    }

    @Name("io.github.libvirt4j.Event")
    @Label("libvirt Event")
    @Description("An event has come from libvirt, for one registration")
    static final class Received extends FlightEvent {
        @Label("Connection")
        final String uri;

        @Label("Kind")
        final String kind;

        Received(String uri, String kind) {
            this.uri = uri;
            this.kind = kind;
        }
    }

    @Name("io.github.libvirt4j.Handler")
    @Label("libvirt Event Handler")
    @Description("A handler at work on an event of libvirt")
    static final class Handler extends FlightEvent {
        @Label("Kind")
        @Description("The kind of the event; empty for a gap and for readiness")
        final String kind;

        @Label("Exception")
        @Description("The type of the exception that the handler threw")
        @Nullable
        String exception;

        Handler(String kind) {
            this.kind = kind;
        }
    }

    @Name("io.github.libvirt4j.Lost")
    @Label("libvirt Events Lost")
    @Description("Events of libvirt that found no room in the queue of a registration")
    static final class Lost extends FlightEvent {
        @Label("Events")
        final long events;

        Lost(long events) {
            this.events = events;
        }
    }

    @Name("io.github.libvirt4j.Link")
    @Label("libvirt Link")
    @Description("The state of a link has changed")
    static final class Link extends FlightEvent {
        @Label("Link")
        final String uri;

        @Label("State")
        @Description("Up, Down or Closed")
        final String state;

        Link(String uri, String state) {
            this.uri = uri;
            this.state = state;
        }
    }

    @Name("io.github.libvirt4j.Gap")
    @Label("libvirt Gap")
    @Description("Events of a link are missing")
    static final class Gap extends FlightEvent {
        @Label("Link")
        final String uri;

        @Label("Cause")
        final String cause;

        Gap(String uri, String cause) {
            this.uri = uri;
            this.cause = cause;
        }
    }
}
