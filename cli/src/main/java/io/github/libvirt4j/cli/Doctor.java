package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
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
        footer = {"doctor", "doctor --connect qemu:///system"})
final class Doctor extends Subcommand {
    private int status = Status.OK;

    @Override
    public Integer call() {
        Diagnosis diagnosis = Libvirt.diagnose();
        Item item = new Item()
                .with("jdk", Runtime.version() + " (" + System.getProperty("java.vm.name") + ")")
                .with("libvirt", new Item().with("version", diagnosis.version()).with("path", diagnosis.path()))
                .with(
                        "functions",
                        new Item()
                                .with("known", diagnosis.functions())
                                .with("available", available(diagnosis))
                                .with("missing", diagnosis.missing()))
                .with(
                        "eventKinds",
                        diagnosis.eventKinds().stream().map(EventKind::name).toList())
                .with("connection", root().isConnecting() ? connection() : null)
                .with("problems", diagnosis.problems());
        if (isJson()) {
            out().println(Values.json(item));
        } else {
            print(diagnosis, out());
            if (item.values().get("connection") instanceof Item connection) {
                output().page(connection);
            }
        }
        return diagnosis.isUsable() ? status : Status.FAILED;
    }

    /// Describes the connection that the options name.
    private Item connection() {
        Item item = new Item().with("uri", root().uri());
        try (Connect connect = open()) {
            return item.with("hypervisor", connect.type())
                    .with("version", connect.version())
                    .with("host", connect.hostname())
                    .with("failure", null);
        } catch (RuntimeException e) {
            status = Status.of(e);
            return item.with("hypervisor", null)
                    .with("version", null)
                    .with("host", null)
                    .with("failure", e.getMessage());
        }
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
