package io.github.libvirt4j.cli;

import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
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
            "3:the connection broke off, or could not be opened in time",
            "141:nobody reads the output any more, as after `| head -1`"
        })
public final class Main extends Demo {
    /// The exit status of who lost its hypervisor: it can be worth trying again.
    static final int DISCONNECTED = 3;

    /// The exit status where nobody reads the output any more: a shell's of who dies of the signal for that.
    static final int ABANDONED = 128 + 13;

    /// Parses the arguments, runs the command, and ends the process with its status.
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        Printer err = Printer.err();
        System.setErr(err.stream());
        System.exit(run(Printer.out(), err, Arguments.ofProcess(arguments)));
    }

    /// Runs the command.
    ///
    /// @return its exit status
    static int run(Printer out, Printer err, String... arguments) {
        int status = commandLine().setOut(out).setErr(err).execute(arguments);
        IOException failure = out.failure();
        if (failure == null) {
            return status;
        }
        if (out.pipe() >= 0) {
            return status == 0 ? ABANDONED : status;
        }
        err.println("Standard output cannot be written: " + failure.getMessage());
        return status == 0 ? CommandLine.ExitCode.SOFTWARE : status;
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Main())
                // An argument that begins with @ is one, and no file with arguments.
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
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
