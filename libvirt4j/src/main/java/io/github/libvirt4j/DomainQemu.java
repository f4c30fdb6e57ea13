package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtQemu.virDomainQemuAgentCommand;
import static io.github.libvirt4j.internal.raw.LibvirtQemu.virDomainQemuMonitorCommand;
import static io.github.libvirt4j.internal.raw.LibvirtQemu.virDomainQemuMonitorCommandWithFiles;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/// QEMU's own interfaces to a domain: `domain.qemu()`, from `libvirt-qemu`. Immutable, safe for use by any
/// thread. See [collections][io.github.libvirt4j] in the package description.
///
/// libvirt does not support domains that a program changes through these interfaces: it takes no notice of
/// the changes, and marks the domain as tainted.
///
/// @param domain the domain
public record DomainQemu(Domain domain) {
    /// The answer to a monitor command with files.
    ///
    /// @param result the answer
    /// @param files the files that QEMU has sent, which the caller closes
    public record Answer(String result, List<OpenFile> files) {
        /// Copies the list.
        public Answer {
            files = List.copyOf(files);
        }
    }

    /// Sends a command to QEMU's monitor.
    ///
    /// @c {@index virDomainQemuMonitorCommand} libvirt 0.8.3
    /// @param command default: a command of QMP, a JSON object such as `{"execute": "query-status"}`
    /// @param flags [HMP][DomainQemuMonitorCommandFlags#HMP] for a command of QEMU's monitor for people, such
    ///     as `info status`
    /// @return the answer as QEMU wrote it. An error that QMP answers is a result, a JSON object with `error`
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public String monitorCommand(String command, DomainQemuMonitorCommandFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.fill(
                "virDomainQemuMonitorCommand",
                Long.BYTES,
                (p, in, result) -> virDomainQemuMonitorCommand(p, in.string(command, "command"), result, bits),
                DomainQemu::take);
    }

    /// Sends a command with files to QEMU's monitor, as [#monitorCommand] does. Needs a connection to a local
    /// daemon, over a UNIX socket.
    ///
    /// @c {@index virDomainQemuMonitorCommandWithFiles} libvirt 8.2.0
    /// @param files as many as the command takes; libvirt duplicates them
    /// @return the answer, and the files that QEMU has sent with it
    /// @throws IllegalStateException also if one of `files` is closed
    public Answer monitorCommandWithFiles(
            String command, List<OpenFile> files, DomainQemuMonitorCommandFlags... flags) {
        String function = "virDomainQemuMonitorCommandWithFiles";
        List<OpenFile> copy = List.copyOf(files);
        int bits = Flag.combine(flags);
        return domain.using(function, (p, in) -> {
            MemorySegment count = in.room(Integer.BYTES);
            MemorySegment received = in.room(Long.BYTES);
            MemorySegment result = in.room(Long.BYTES);
            MemorySegment text = in.string(command, "command");
            int done = OpenFile.using(
                    copy,
                    in,
                    (given, fds) ->
                            virDomainQemuMonitorCommandWithFiles(p, text, given, fds, count, received, result, bits));
            domain.check(done, function);
            List<OpenFile> answered =
                    OpenFile.take(function, CMemory.pointer(received, 0), count.get(ValueLayout.JAVA_INT, 0));
            return new Answer(take(result), answered);
        });
    }

    /// Sends a command to the guest agent.
    ///
    /// @c {@index virDomainQemuAgentCommand} libvirt 0.10.0
    /// @param command a JSON object such as `{"execute": "guest-ping"}`
    /// @param timeout how long to wait for the answer: the time in seconds, or a number of
    ///     [DomainQemuAgentCommandTimeoutValues][io.github.libvirt4j.types.DomainQemuAgentCommandTimeoutValues]:
    ///     −2, `BLOCK`, to wait without a limit; −1, `DEFAULT`, for 5 seconds; 0, `NOWAIT`, to fail unless
    ///     the answer is there at once
    /// @return the answer as the agent wrote it. An error that the agent answers is an exception
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public String agentCommand(String command, int timeout) {
        return domain.takeString(
                "virDomainQemuAgentCommand",
                (p, in) -> virDomainQemuAgentCommand(p, in.string(command, "command"), timeout, 0));
    }

    private static String take(MemorySegment result) {
        return Objects.requireNonNullElse(CMemory.takeString(CMemory.pointer(result, 0)), "");
    }
}
