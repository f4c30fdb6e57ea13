package io.github.libvirt4j.cli;

import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.EventHandler;
import io.github.libvirt4j.event.DomainEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints events as they come.
@Command(
        name = "events",
        description = "Prints events as they come, until the count, the timeout or Ctrl-C.",
        mixinStandardHelpOptions = true)
final class Events implements Callable<Integer>, EventHandler<DomainEvent.Lifecycle> {
    private static final String URI_VARIABLE = "LIBVIRT_DEFAULT_URI";
    private static final String EMBEDDED = "test:///default";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "URI",
            description = "the hypervisor; without it $LIBVIRT_DEFAULT_URI, else " + EMBEDDED)
    private @Nullable String uri;

    @Option(names = "--count", paramLabel = "N", description = "end after so many events")
    private long count = Long.MAX_VALUE;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "end after so long: 500ms, 10s, 2m, 1h")
    private @Nullable Duration timeout;

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    private final CountDownLatch enough = new CountDownLatch(1);
    private long printed;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count must be at least 1, not " + count);
        }
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> interrupted(closed)));
        try (Connect connect = Connect.open(uri())) {
            connect.on(DomainEvent.LIFECYCLE, this);
            if (timeout == null) {
                enough.await();
            } else {
                // False is no failure: the time is up.
                boolean _ = enough.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /// On Ctrl-C: the main thread closes the connection, and the process ends as if it had come to an end
    /// by itself.
    private void interrupted(CountDownLatch closed) {
        if (closed.getCount() == 0) {
            return;
        }
        enough.countDown();
        try {
            boolean _ = closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The VM is ending.
        }
        spec.commandLine().getOut().flush();
        Runtime.getRuntime().halt(0);
    }

    private String uri() {
        if (uri != null) {
            return uri;
        }
        String ofEnvironment = System.getenv(URI_VARIABLE);
        if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
            return ofEnvironment;
        }
        spec.commandLine().getErr().println("No URI given and " + URI_VARIABLE + " is not set: " + EMBEDDED);
        return EMBEDDED;
    }

    @Override
    public void on(DomainEvent.Lifecycle event) throws IOException {
        if (printed == count) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(Instant.now(), event) : Instant.now() + " " + event);
        printed++;
        // Nobody reads any more, as after `| head -1`.
        if (printed == count || out.checkError()) {
            enough.countDown();
        }
    }

    @Override
    public void lost(long lost) {
        spec.commandLine().getErr().println(lost + " events lost: they come faster than they are printed");
    }

    private static String json(Instant time, DomainEvent.Lifecycle event) throws IOException {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.beginObject();
            writer.name("time").value(time.toString());
            writer.name("kind").value(event.kind().name());
            writer.name("object").beginObject();
            writer.name("name").value(event.domain().name());
            writer.name("uuid").value(event.domain().uuid().toString());
            writer.endObject();
            writer.name("type").value(event.type().name());
            writer.name("detail").value(event.detail().name());
            writer.endObject();
        }
        return text.toString();
    }
}
