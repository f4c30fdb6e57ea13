package io.github.libvirt4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A real `libvirtd` of root, which also has networks and sees devices come and go. Needs root.
///
/// It lives in namespaces of its own: what it mounts and the networks it makes are not this machine's, and
/// with the first of its processes, the guard's shell, all others end, guests too. In place of the system's
/// folders it sees empty ones. Where udev is installed, one without rules tells it of devices.
public final class RootDaemon extends Daemon {
    private RootDaemon() throws IOException {
        super(List.of("unshare", "--mount", "--net", "--pid", "--uts", "--fork", "--mount-proc"), """
                mkdir "$0/etc"
                for each in /run /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
                    mkdir -p "$each"
                    mount -t tmpfs tmpfs "$each"
                done
                # Of consoles, whose folder /var/lock is a link to.
                mkdir /run/lock
                mkdir -p /etc/libvirt
                mount --bind "$0/etc" /etc/libvirt
                # Debian's libvirtd starts with this user only, also if it is to use another.
                cp /etc/passwd /etc/group "$0"
                echo libvirt-qemu:x:0:0::/:/bin/false >>"$0/passwd"
                echo libvirt-qemu:x:0: >>"$0/group"
                mount --bind "$0/passwd" /etc/passwd
                mount --bind "$0/group" /etc/group
                # With the network devices of the namespace.
                mount -t sysfs sysfs /sys
                ip link set lo up
                if [ -x /lib/systemd/systemd-udevd ]; then
                    # It would make devices in /dev, and give them to groups.
                    unshare --mount bash -c '
                        for each in /dev /lib/udev/rules.d /etc/udev; do
                            mount -t tmpfs tmpfs "$each"
                        done
                        mknod /dev/null c 1 3
                        exec /lib/systemd/systemd-udevd --daemon
                    ' >/dev/null 2>&1
                fi
                """, """
                [ $$ != 1 ] || kill -9 -1
                """);
        start(this::configure);
    }

    private void configure() throws IOException {
        Files.writeString(folder().resolve("libvirtd.conf"), """
                unix_sock_dir = "%s"
                auth_unix_rw = "none"
                listen_tls = 0
                listen_tcp = 1
                listen_addr = "0.0.0.0"
                auth_tcp = "none"
                host_uuid = "%s"
                log_outputs = "3:file:%1$s/log"
                """.formatted(folder(), UUID.randomUUID()));
        Files.writeString(folder().resolve("etc/qemu.conf"), """
                security_driver = "none"
                user = "root"
                group = "root"
                dynamic_ownership = 0
                remember_owner = 0
                cgroup_controllers = [ ]
                namespaces = [ ]
                stdio_handler = "file"
                """);
    }

    /// Starts one.
    public static RootDaemon start() {
        try {
            return new RootDaemon();
        } catch (IOException e) {
            throw new UncheckedIOException("libvirtd cannot be started; it/run installs what is needed", e);
        }
    }

    @Override
    List<String> options() {
        return List.of("--listen");
    }

    @Override
    Map<String, String> environment() {
        return Map.of();
    }

    /// The tcp port, 16509, comes last, and is not one of this machine's network.
    @Override
    boolean listens() {
        try {
            return super.listens()
                    && Files.readString(Path.of("/proc", first(), "net", "tcp"))
                            .contains(" 00000000:407D 00000000:0000 0A ");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    Path socket() {
        return folder().resolve("libvirt-sock");
    }

    @Override
    Path adminSocket() {
        return folder().resolve("libvirt-admin-sock");
    }

    /// What enters a namespace of processes does so in a child of its own.
    @Override
    ProcessHandle daemon(Process started) {
        return started.children().findFirst().orElse(started.toHandle());
    }

    /// A cable between this machine's network and the daemon's, which are one then as far as they two go.
    public Link link() throws IOException {
        return new Link();
    }

    /// A cable, and what is at its ends. It is gone with the daemon at the latest.
    public final class Link implements AutoCloseable {
        private final int number = new SecureRandom().nextInt(256);
        private final String name = "l4j" + Integer.toUnsignedString(new SecureRandom().nextInt(), 36);

        private Link() throws IOException {
            ip("link", "add", name, "type", "veth", "peer", "name", "eth9", "netns", first());
            ip("address", "add", address(1) + "/30", "dev", name);
            RootDaemon.this.run("ip", "address", "add", address(2) + "/30", "dev", "eth9");
            ip("link", "set", name, "up");
            up();
        }

        private String address(int end) {
            return "10.213." + number + "." + end;
        }

        /// The daemon's test driver, over it.
        public String tcpUri() {
            return "test+tcp://" + address(2) + "/default";
        }

        /// Unplugs it, at the daemon's end: without a link at this one, what is for the daemon would take
        /// another way.
        public void down() throws IOException {
            RootDaemon.this.run("ip", "link", "set", "eth9", "down");
        }

        /// Plugs it in.
        public void up() throws IOException {
            RootDaemon.this.run("ip", "link", "set", "eth9", "up");
            // Else who asked for the other end's address while it was away would be told that there is none.
            ip("neigh", "flush", "dev", name);
        }

        /// Ends all that goes over it, at this machine's end, as nothing else does once the other is gone
        /// without a word. Needs a kernel with `INET_DIAG_DESTROY`, as Debian's.
        public void endConnections() throws IOException {
            String _ = run(List.of("ss", "--tcp", "--kill", "dst", address(2)), "");
        }

        @Override
        public void close() throws IOException {
            ip("link", "delete", name);
        }
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        String _ = run(command, "");
    }

    /// A cable between this daemon's network and another's.
    public Cable cable(RootDaemon other) throws IOException {
        return new Cable(other);
    }

    /// A cable, and what is at its ends. It is gone with one of the daemons at the latest.
    public final class Cable implements AutoCloseable {
        private final int number = new SecureRandom().nextInt(256);

        private Cable(RootDaemon other) throws IOException {
            ip("link", "add", "eth8", "netns", first(), "type", "veth", "peer", "name", "eth8", "netns", other.first());
            plug(RootDaemon.this, nearAddress());
            plug(other, farAddress());
        }

        private static void plug(RootDaemon daemon, String address) throws IOException {
            daemon.run("ip", "address", "add", address + "/30", "dev", "eth8");
            daemon.run("ip", "link", "set", "eth8", "up");
        }

        /// Of this daemon.
        public String nearAddress() {
            return "10.214." + number + ".1";
        }

        /// Of the other one.
        public String farAddress() {
            return "10.214." + number + ".2";
        }

        @Override
        public void close() throws IOException {
            RootDaemon.this.run("ip", "link", "delete", "eth8");
        }
    }

    /// The daemon itself.
    @Override
    public String adminUri() {
        return "libvirtd+unix:///system?socket=" + adminSocket();
    }

    @Override
    public List<String> asItself() {
        return List.of("nsenter", "--target=" + first(), "--mount", "--net", "--pid", "--uts");
    }

    /// The first process in its namespaces.
    private String first() {
        return String.valueOf(guard().children().findFirst().orElseThrow().pid());
    }
}
