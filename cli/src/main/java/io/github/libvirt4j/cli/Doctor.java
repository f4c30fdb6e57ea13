package io.github.libvirt4j.cli;

import io.github.libvirt4j.Diagnosis;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.EventKind;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// Tells whether the binding can work on this machine, and what would make it.
@Command(
        name = "doctor",
        description = "Tells whether the binding can work here, and what to do if not.",
        footer = "doctor")
final class Doctor extends Subcommand {
    @Override
    public Integer call() {
        Diagnosis diagnosis = Libvirt.diagnose();
        Item item = new Item()
                .with("jdk", Runtime.version() + " (" + System.getProperty("java.vm.name") + ")")
                .with(
                        "libvirt",
                        new Item()
                                .with("version", diagnosis.version())
                                .with("path", diagnosis.path()))
                .with(
                        "functions",
                        new Item()
                                .with("known", diagnosis.functions())
                                .with("available", available(diagnosis))
                                .with("missing", diagnosis.missing()))
                .with(
                        "eventKinds",
                        diagnosis.eventKinds().stream().map(EventKind::name).toList())
                .with("problems", diagnosis.problems());
        if (isJson()) {
            out().println(Values.json(item));
        } else {
            print(diagnosis, out());
        }
        return diagnosis.isUsable() ? Status.OK : Status.FAILED;
    }

    private static int available(Diagnosis diagnosis) {
        return diagnosis.functions() - diagnosis.missing().size();
    }

    private static void print(Diagnosis diagnosis, PrintWriter out) {
        out.println("jdk:         " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
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
}
