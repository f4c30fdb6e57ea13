package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.NotFoundException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Lists the domains.
@Command(name = "list", description = "Lists all domains.", mixinStandardHelpOptions = true)
final class ListDomains implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Mixin
    private final Hypervisor hypervisor = new Hypervisor();

    private record Line(String id, String name, String state) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Connect connect = hypervisor.open()) {
            List<Line> lines = connect.domains().listAll().stream()
                    .flatMap(domain -> line(domain).stream())
                    .sorted(Comparator.comparing(Line::name))
                    .toList();
            int width =
                    lines.stream().mapToInt(line -> line.name().length()).max().orElse(4);
            String format = "%-5s %-" + Math.max(width, 4) + "s %s";
            out.println(String.format(Locale.ROOT, format, "ID", "NAME", "STATE"));
            lines.forEach(
                    line -> out.println(String.format(Locale.ROOT, format, line.id(), line.name(), line.state())));
        }
        return 0;
    }

    /// Nothing for a domain that has vanished since.
    private static List<Line> line(Domain domain) {
        try (domain) {
            OptionalInt running = domain.id();
            String id = running.isPresent() ? Integer.toString(running.getAsInt()) : "-";
            return List.of(
                    new Line(id, Printer.harmless(domain.name()), domain.state().toString()));
        } catch (NotFoundException e) {
            return List.of();
        }
    }
}
