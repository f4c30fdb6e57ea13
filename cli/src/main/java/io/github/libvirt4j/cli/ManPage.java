package io.github.libvirt4j.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Prints the manual page, made of what the help pages are made of.
@Command(name = "man-page", description = "Prints the manual page.", hidden = true, footer = "man-page >libvirt4j.1")
final class ManPage extends Subcommand {
    private final StringBuilder page = new StringBuilder();

    @Override
    public Integer call() {
        CommandSpec root = Commands.all().getCommandSpec();
        line(".TH " + root.name().toUpperCase(Locale.ROOT) + " 1 \"\" libvirt4j \"User Commands\"");
        heading("NAME");
        text(root.name() + " - manages virtual machines by libvirt");
        heading("SYNOPSIS");
        line(".B " + escaped(root.name()));
        text("[OPTION]... [SUBCOMMAND [ARGUMENT]...]");
        heading("DESCRIPTION");
        text("Operates on the domains, networks, storage pools and volumes of a hypervisor, shows what happens there,"
                + " and connects to consoles of domains. A domain is named by its name, its UUID or its id.");
        heading("OPTIONS");
        root.options().forEach(this::option);
        heading("SUBCOMMANDS");
        for (CommandLine each : root.subcommands().values()) {
            subcommand(each.getCommandSpec(), root.options());
        }
        heading("EXIT STATUS");
        for (String each : Status.MEANINGS) {
            String[] status = each.split(":", 2);
            tag("\\fB" + status[0] + "\\fR", status[1]);
        }
        heading("ENVIRONMENT");
        tag("\\fBLIBVIRT_DEFAULT_URI\\fR", "the hypervisor, if \\fB\\-\\-connect\\fR is not given");
        tag("\\fBVISUAL\\fR, \\fBEDITOR\\fR", "the editor of \\fBedit\\fR");
        tag("\\fBNO_COLOR\\fR", "if it is not empty: no colours");
        heading("SEE ALSO");
        line(".BR virsh (1)");
        out().document(page.toString());
        return Status.OK;
    }

    private void subcommand(CommandSpec spec, Collection<OptionSpec> shared) {
        if (spec.usageMessage().hidden()) {
            return;
        }
        String words = spec.qualifiedName().split(" ", 2)[1];
        String operands = spec.positionalParameters().stream()
                .map(each -> each.paramLabel() + (each.arity().max() > 1 ? "..." : ""))
                .collect(Collectors.joining(" "));
        line(".SS \"" + escaped((words + " " + operands).strip()) + "\"");
        Stream.of(spec.usageMessage().description()).forEach(this::text);
        spec.positionalParameters().forEach(this::positional);
        spec.options().stream()
                .filter(each ->
                        shared.stream().noneMatch(other -> other.longestName().equals(each.longestName())))
                .forEach(this::option);
        for (String example : spec.usageMessage().footer()) {
            line(".PP");
            line(".EX");
            line(escaped(example));
            line(".EE");
        }
        spec.subcommands().values().forEach(each -> subcommand(each.getCommandSpec(), shared));
    }

    private void option(OptionSpec option) {
        String names = Arrays.stream(option.names())
                .map(each -> "\\fB" + escaped(each) + "\\fR")
                .collect(Collectors.joining(", "));
        String value = option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
        tag(names + value, rendered(option.description(), option));
    }

    private void positional(PositionalParamSpec parameter) {
        tag("\\fI" + escaped(parameter.paramLabel()) + "\\fR", escaped(String.join(" ", parameter.description())));
    }

    /// The description, with the variables in it replaced.
    private static String rendered(String[] description, OptionSpec option) {
        String text = String.join(" ", description);
        String candidates =
                option.completionCandidates() == null ? "" : String.join(", ", option.completionCandidates());
        return escaped(Ansi.OFF
                .string(text)
                .replace(
                        "${DEFAULT-VALUE}",
                        String.valueOf(option.defaultValue() == null ? option.initialValue() : option.defaultValue()))
                .replace("${COMPLETION-CANDIDATES}", candidates));
    }

    private void heading(String text) {
        line(".SH \"" + text + "\"");
    }

    private void tag(String term, String text) {
        line(".TP");
        line(term);
        line(text);
    }

    private void text(String text) {
        line(escaped(text));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /// Text for roff: a hyphen would become a dash, and a full stop at the begin of a line is a request.
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
