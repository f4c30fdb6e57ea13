package io.github.libvirt4j.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The table of subcommands. A run makes only the one that it needs, which takes a third of the time.
final class Commands {
    /// Their names, in the order of help pages.
    static final List<String> NAMES = List.of(
            "list",
            "info",
            "xml",
            "start",
            "shutdown",
            "destroy",
            "suspend",
            "resume",
            "reboot",
            "define",
            "edit",
            "undefine",
            "stats",
            "watch",
            "events",
            "fleet",
            "console",
            "screenshot",
            "agent",
            "job",
            "snapshot",
            "backup",
            "migrate",
            "vol-list",
            "vol-info",
            "vol-create",
            "vol-delete",
            "vol-resize",
            "vol-upload",
            "vol-download",
            "completion",
            "doctor",
            "demo",
            "man-page");

    private Commands() {}

    private static Object of(String name) {
        return switch (name) {
            case "list" -> new ListAll();
            case "info" -> new Info();
            case "xml" -> new Xml();
            case "start" -> new Start();
            case "shutdown" -> new Shutdown();
            case "destroy" -> new Destroy();
            case "suspend" -> new Suspend();
            case "resume" -> new Resume();
            case "reboot" -> new Reboot();
            case "define" -> new Define();
            case "edit" -> new Edit();
            case "undefine" -> new Undefine();
            case "stats" -> new Stats();
            case "watch" -> new Watch();
            case "events" -> new Events();
            case "fleet" -> new FleetCommand();
            case "console" -> new Console();
            case "agent" -> new Agent();
            case "job" -> new JobCommand();
            case "backup" -> new Backup();
            case "migrate" -> new Migrate();
            case "snapshot" -> new Snapshot();
            case "vol-list" -> new VolumeList();
            case "vol-info" -> new VolumeCommand.Info();
            case "vol-create" -> new VolumeCreate();
            case "vol-delete" -> new VolumeCommand.Delete();
            case "vol-resize" -> new VolumeCommand.Resize();
            case "screenshot" -> new Screenshot();
            case "vol-upload" -> new VolumeCopy.Upload();
            case "vol-download" -> new VolumeCopy.Download();
            case "completion" -> new CompletionScript();
            case "man-page" -> new ManPage();
            case "doctor" -> new Doctor();
            case "demo" -> new Demo();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// The command, with the subcommand that the arguments name, or all if they name none.
    static CommandLine commandLine(String... arguments) {
        return commandLine(wanted(arguments));
    }

    /// The command, with all its subcommands.
    static CommandLine all() {
        return commandLine(NAMES);
    }

    /// Whether the arguments name a subcommand that, as nearly all do, opens a connection.
    static boolean connects(String... arguments) {
        List<String> wanted = wanted(arguments);
        return wanted.size() == 1
                && !List.of("completion", "man-page", "doctor").contains(wanted.getFirst());
    }

    private static List<String> wanted(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (List.of("-c", "--connect", "--open-timeout").contains(argument)) {
                i++;
            } else if (!argument.startsWith("-")) {
                return NAMES.contains(argument) ? List.of(argument) : NAMES;
            }
        }
        return NAMES;
    }

    private static CommandLine commandLine(List<String> names) {
        CommandLine command = new CommandLine(new Root());
        command.setCommandName(System.getProperty("libvirt4j.command", "run"));
        for (String name : names) {
            command.addSubcommand(name, of(name));
        }
        helpPage(command.getCommandSpec());
        command.getSubcommands().values().forEach(each -> helpPages(each.getCommandSpec()));
        // An argument that begins with @ is one, and no file with arguments.
        return command.setExpandAtFiles(false)
                .setAbbreviatedOptionsAllowed(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .registerConverter(Duration.class, new DurationConverter())
                .registerConverter(Size.class, new SizeConverter())
                .setParameterExceptionHandler((exception, _) -> {
                    exception.getCommandLine().getErr().println(message(exception));
                    return Status.USAGE;
                })
                .setExecutionExceptionHandler((exception, commandLine, _) -> {
                    commandLine.getErr().println(Status.line(exception));
                    return Status.of(exception);
                });
    }

    private static void helpPages(CommandSpec spec) {
        spec.mixinStandardHelpOptions(true);
        helpPage(spec);
        spec.subcommands().values().forEach(each -> helpPages(each.getCommandSpec()));
    }

    /// The footer of a subcommand is an example, without the name of the command.
    private static void helpPage(CommandSpec spec) {
        UsageMessageSpec page = spec.usageMessage();
        page.showEndOfOptionsDelimiterInUsageHelp(false).sortOptions(false).autoWidth(false);
        if (spec.parent() == null) {
            page.exitCodeListHeading("%nExit status:%n");
            page.exitCodeList(Arrays.stream(Status.MEANINGS)
                    .map(each -> each.split(":", 2))
                    .collect(java.util.stream.Collectors.toMap(
                            each -> each[0], each -> each[1], (a, _) -> a, java.util.LinkedHashMap::new)));
        } else {
            page.footerHeading("%nExample:%n");
            page.footer(Arrays.stream(page.footer())
                    .map(each -> "  " + spec.root().name() + " " + each)
                    .toArray(String[]::new));
        }
    }

    private static String message(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(exception.getMessage());
        }
        String argument = unmatched.getUnmatched().getFirst();
        CommandSpec spec = exception.getCommandLine().getCommandSpec();
        if (argument.startsWith("-")) {
            String hint = Similar.hint(
                    argument.split("=", 2)[0],
                    spec.options().stream()
                            .flatMap(option -> Stream.of(option.names()))
                            .toList());
            return "Unknown option: '" + argument + "'"
                    + (hint.isEmpty() ? "; `" + spec.qualifiedName() + " --help` shows those there are" : hint);
        }
        if (spec.subcommands().isEmpty()) {
            return "'" + spec.qualifiedName() + "' does not take the argument '" + argument + "'";
        }
        String hint = Similar.hint(argument, spec.subcommands().keySet());
        return "No subcommand '" + argument + "' of '" + spec.qualifiedName() + "'"
                + (hint.isEmpty() ? "; `" + spec.qualifiedName() + " --help` shows those there are" : hint);
    }
}
