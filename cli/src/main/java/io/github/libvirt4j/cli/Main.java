package io.github.libvirt4j.cli;

import io.github.libvirt4j.LibvirtException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command's entry: without a subcommand it is the [Demo].
@Command(
        name = "run",
        description =
                "Receives libvirt's events in Java lambdas. Without a command: a demonstration on test:///default.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionProvider.class,
        subcommands = {
            ListDomains.class,
            InfoOfDomain.class,
            Events.class,
            Screenshot.class,
            VolumeCopy.Upload.class,
            VolumeCopy.Download.class,
            Doctor.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it worked", "1:it did not; stderr says why", "2:the arguments are wrong"})
public final class Main extends Demo {
    /// Parses the arguments, runs the command, and ends the process with its status.
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(Duration.class, new DurationConverter())
                .setParameterExceptionHandler((exception, _) -> {
                    exception.getCommandLine().getErr().println(exception.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((exception, commandLine, _) -> {
                    if (exception instanceof LibvirtException
                            || exception instanceof IllegalCallerException
                            || exception instanceof IllegalStateException
                            || exception instanceof IllegalArgumentException
                            || exception instanceof Hypervisor.Failure
                            || exception instanceof UnsupportedOperationException) {
                        commandLine.getErr().println(exception.getMessage());
                    } else if (exception instanceof IOException e) {
                        commandLine.getErr().println(message(e));
                    } else {
                        exception.printStackTrace(commandLine.getErr());
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /// What a file's exception says without its type is often its name only.
    private static String message(IOException e) {
        return e.getClass() == IOException.class || e instanceof EOFException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"libvirt4j on libvirt " + io.github.libvirt4j.Libvirt.version()};
        }
    }
}
