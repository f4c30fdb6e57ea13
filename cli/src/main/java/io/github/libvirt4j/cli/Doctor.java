package io.github.libvirt4j.cli;

import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.Diagnosis;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.EventKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tells whether the binding can work on this machine, and what would make it.
@Command(
        name = "doctor",
        description = "Tells whether the binding can work here, and what to do if not.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Diagnosis diagnosis = Libvirt.diagnose();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(diagnosis));
        } else {
            print(diagnosis, out);
        }
        return diagnosis.isUsable() ? 0 : 1;
    }

    private static String jdk() {
        return Runtime.version() + " (" + System.getProperty("java.vm.name") + ")";
    }

    private static int available(Diagnosis diagnosis) {
        return diagnosis.functions() - diagnosis.missing().size();
    }

    private static void print(Diagnosis diagnosis, PrintWriter out) {
        out.println("jdk:         " + jdk());
        out.println("libvirt:     " + (diagnosis.version() == null ? "-" : diagnosis.version()) + ", "
                + (diagnosis.path() == null ? "not loaded" : diagnosis.path()));
        out.println("functions:   " + diagnosis.functions() + " known, " + available(diagnosis) + " available");
        if (diagnosis.version() != null && !diagnosis.missing().isEmpty()) {
            out.println("missing:     " + String.join(" ", diagnosis.missing()));
        }
        out.println("event kinds: "
                + diagnosis.eventKinds().stream().map(EventKind::name).collect(Collectors.joining(" ")));
        diagnosis.problems().forEach(problem -> out.println("problem:     " + problem));
        out.println(diagnosis.isUsable() ? "The binding can work here." : "The binding cannot work here.");
    }

    private static String json(Diagnosis diagnosis) throws IOException {
        var text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.beginObject();
            writer.name("jdk").value(jdk());
            writer.name("libvirt").beginObject();
            writer.name("version")
                    .value(
                            diagnosis.version() == null
                                    ? null
                                    : diagnosis.version().toString());
            writer.name("path")
                    .value(diagnosis.path() == null ? null : diagnosis.path().toString());
            writer.endObject();
            writer.name("functions").beginObject();
            writer.name("known").value(diagnosis.functions());
            writer.name("available").value(available(diagnosis));
            names(writer, "missing", diagnosis.missing());
            writer.endObject();
            names(
                    writer,
                    "eventKinds",
                    diagnosis.eventKinds().stream().map(EventKind::name).toList());
            names(writer, "problems", diagnosis.problems());
            writer.endObject();
        }
        return text.toString();
    }

    private static void names(JsonWriter writer, String name, List<String> values) throws IOException {
        writer.name(name).beginArray();
        for (String value : values) {
            writer.value(value);
        }
        writer.endArray();
    }
}
