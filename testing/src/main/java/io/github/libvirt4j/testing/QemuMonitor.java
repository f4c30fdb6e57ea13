package io.github.libvirt4j.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// QEMU's end of the monitor of a running guest: what is written there libvirt takes for QEMU's. Needs root.
public final class QemuMonitor implements AutoCloseable {
    /// Numbers of system calls, the same on every processor.
    private static final long PIDFD_OPEN = 434;

    private static final long PIDFD_GETFD = 438;

    /// Num, RefCount, Protocol, Flags, Type, St, Inode, Path.
    private static final Pattern CONNECTED = Pattern.compile("(?:\\S+ +){5}03 +(\\d+) .*/monitor\\.sock");

    private final int socket;

    private QemuMonitor(int socket) {
        this.socket = socket;
    }

    /// That of a domain, whichever daemon it belongs to.
    public static QemuMonitor of(UUID domain) throws IOException {
        long qemu = pid(domain);
        int process = (int) C.call(PIDFD_OPEN, qemu, 0);
        try {
            return new QemuMonitor((int) C.call(PIDFD_GETFD, process, monitorSocket(qemu)));
        } finally {
            C.close(process);
        }
    }

    /// The process of a domain.
    public static long pid(UUID domain) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.mapToLong(ProcessHandle::pid)
                    .filter(pid -> commandLine(pid).contains("\0-uuid\0" + domain + "\0"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("No process of QEMU has the UUID " + domain));
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has just ended.
            return "";
        }
    }

    /// The connected one of its sockets with the name that libvirt gives it.
    private static int monitorSocket(long qemu) throws IOException {
        Set<String> connected = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + qemu + "/net/unix"))) {
            Matcher socket = CONNECTED.matcher(line);
            if (socket.matches()) {
                connected.add("socket:[" + socket.group(1) + "]");
            }
        }
        try (Stream<Path> all = Files.list(Path.of("/proc/" + qemu + "/fd"))) {
            for (Path each : all.toList()) {
                if (connected.contains(target(each))) {
                    return Integer.parseInt(String.valueOf(each.getFileName()));
                }
            }
        }
        throw new IOException("The process " + qemu + " has no monitor");
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /// Says that something happened.
    ///
    /// @param name QEMU's name of the event
    /// @param data what it says about it, a JSON object
    public void event(String name, String data) throws IOException {
        event(name, data, System.currentTimeMillis() / 1_000, 0);
    }

    /// The same, at some time.
    public void event(String name, String data, long seconds, long micros) throws IOException {
        say("{\"timestamp\": {\"seconds\": %d, \"microseconds\": %d}, \"event\": \"%s\", \"data\": %s}"
                .formatted(seconds, micros, name, data));
    }

    /// Says anything.
    public void say(String line) throws IOException {
        // In one piece: QEMU says something now and then, too.
        C.write(socket, (line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        C.close(socket);
    }

    /// What Java does not have.
    @SuppressWarnings("restricted")
    private static final class C {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle SYSCALL = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        private static final MethodHandle WRITE = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("write"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        private static final MethodHandle CLOSE = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        static long call(long number, long first, long second) throws IOException {
            return check(invoke(() -> (long) SYSCALL.invokeExact(number, first, second, 0L)));
        }

        static void write(int file, byte[] data) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, data);
                long written = check(invoke(() -> (long) WRITE.invokeExact(file, bytes, bytes.byteSize())));
                if (written != data.length) {
                    throw new IOException("Only " + written + " bytes of " + data.length);
                }
            }
        }

        static void close(int file) throws IOException {
            check(invoke(() -> (int) CLOSE.invokeExact(file)));
        }

        private interface Call {
            long make() throws Throwable;
        }

        private static long invoke(Call call) {
            try {
                return call.make();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        private static long check(long result) throws IOException {
            if (result < 0) {
                throw new IOException("A system call failed; it needs root");
            }
            return result;
        }
    }
}
