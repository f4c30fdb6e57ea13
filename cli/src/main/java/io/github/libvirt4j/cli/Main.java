package io.github.libvirt4j.cli;

import io.github.libvirt4j.CallTimeoutException;
import io.github.libvirt4j.DisconnectedException;
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
        exitCodeList = {
            "0:it worked",
            "1:it did not; stderr says why",
            "2:the arguments are wrong",
            "3:the connection broke off, or could not be opened in time"
        })
public final class Main extends Demo {
    /// The exit status of who lost its hypervisor: it can be worth trying again.
    static final int DISCONNECTED = 3;

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
                    return exception instanceof DisconnectedException
                                    || exception instanceof CallTimeoutException
                                    || exception instanceof Hypervisor.BrokenOff
                            ? DISCONNECTED
                            : CommandLine.ExitCode.SOFTWARE;
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
