package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainGuest;
import io.github.libvirt4j.types.DomainAuthorizedSshKeysSetFlags;
import io.github.libvirt4j.types.DomainInterfaceAddressesSource;
import io.github.libvirt4j.types.DomainSetTimeFlags;
import io.github.libvirt4j.types.DomainSetUserPasswordFlags;
import io.github.libvirt4j.types.TypedParameter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Requests to the agent in a guest.
@Command(
        name = "agent",
        description = "Asks the agent that runs in a domain (qemu-guest-agent).",
        footer = "agent interfaces web",
        subcommands = {
            Agent.Ping.class,
            Agent.About.class,
            Agent.Hostname.class,
            Agent.Time.class,
            Agent.Interfaces.class,
            Agent.FileSystems.class,
            Agent.Freeze.class,
            Agent.Thaw.class,
            Agent.Trim.class,
            Agent.SetPassword.class,
            Agent.SshKeys.class
        })
final class Agent extends Group {
    Agent() {
        super("What to ask?");
    }

    /// Whether the agent answers.
    @Command(name = "ping", description = "Tells whether the agent answers.", footer = "agent ping web --timeout 2s")
    static final class Ping extends OnDomain {
        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                defaultValue = "5s",
                description = "the longest wait for an answer, in whole seconds; default: ${DEFAULT-VALUE}")
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private Duration timeout;

        @Override
        int on(Domain domain) {
            if (timeout.toSeconds() < 1) {
                // libvirt does not wait then.
                throw wrong("--timeout must be at least 1s, not " + Times.words(timeout));
            }
            domain.qemu().agentCommand("{\"execute\":\"guest-ping\"}", Math.toIntExact(timeout.toSeconds()));
            output().item(Item.of(domain).with("answers", true), domain.name() + ": the agent answers");
            return Status.OK;
        }
    }

    /// All that the agent tells.
    @Command(
            name = "info",
            description = "Prints what the agent tells of the system: users, time zone, disks, …",
            footer = "agent info web --json")
    static final class About extends OnDomain {
        @Override
        int on(Domain domain) {
            Item item = Item.of(domain);
            for (TypedParameter each : domain.guest().info(Set.of())) {
                item.with(each.name(), Values.of(each));
            }
            output().page(item);
            return Status.OK;
        }
    }

    /// The host name.
    @Command(name = "hostname", description = "Prints the host name of the system.", footer = "agent hostname web")
    static final class Hostname extends OnDomain {
        @Override
        int on(Domain domain) {
            String name = domain.guest().hostname();
            output().item(Item.of(domain).with("hostname", name), name);
            return Status.OK;
        }
    }

    /// The clock.
    @Command(
            name = "time",
            description = "Prints the time of the system's clock, or sets it to the time of this machine.",
            footer = "agent time web --set")
    static final class Time extends OnDomain {
        @Option(names = "--set", description = "set it to the time of this machine")
        private boolean set;

        @Option(names = "--sync", description = "set it to the time of the virtual hardware's clock")
        private boolean sync;

        @Override
        int on(Domain domain) {
            if (sync) {
                domain.guest().setTime(Instant.EPOCH, DomainSetTimeFlags.SYNC);
            } else if (set) {
                domain.guest().setTime(Instant.now());
            }
            Instant time = domain.guest().time();
            output().item(Item.of(domain).with("guestTime", time), Times.local(time));
            return Status.OK;
        }
    }

    /// The network interfaces.
    @Command(
            name = "interfaces",
            description = "Lists the network interfaces of the system and their addresses.",
            footer = "agent interfaces web")
    static final class Interfaces extends OnDomain {
        /// Where addresses are asked for, as virsh names it.
        enum Source {
            agent(DomainInterfaceAddressesSource.AGENT),
            lease(DomainInterfaceAddressesSource.LEASE),
            arp(DomainInterfaceAddressesSource.ARP);

            private final DomainInterfaceAddressesSource source;

            Source(DomainInterfaceAddressesSource source) {
                this.source = source;
            }
        }

        @Option(
                names = "--source",
                paramLabel = "SOURCE",
                description = "whom to ask: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
        private Source source = Source.agent;

        @Override
        int on(Domain domain) {
            output().table(
                            List.of("name", "mac", "addresses"),
                            domain.guest().interfaceAddresses(source.source).stream()
                                    .map(each -> new Item()
                                            .with("name", each.name())
                                            .with("mac", each.hwaddr())
                                            .with(
                                                    "addresses",
                                                    each.addrs().stream()
                                                            .map(address -> address.addr() + "/" + address.prefix())
                                                            .toList()))
                                    .toList());
            return Status.OK;
        }
    }

    /// The file systems.
    @Command(name = "filesystems", description = "Lists the mounted file systems.", footer = "agent filesystems web")
    static final class FileSystems extends OnDomain {
        @Override
        int on(Domain domain) {
            output().table(
                            List.of("mountpoint", "name", "type", "disks"),
                            domain.guest().fsInfo().stream()
                                    .map(each -> new Item()
                                            .with("mountpoint", each.mountpoint())
                                            .with("name", each.name())
                                            .with("type", each.fstype())
                                            .with("disks", each.devAlias()))
                                    .toList());
            return Status.OK;
        }
    }

    /// Freezes or thaws file systems.
    abstract static class OnFileSystems extends OnDomain {
        @Parameters(
                index = "1..*",
                arity = "0..*",
                paramLabel = "MOUNTPOINT",
                description = "these file systems; without it all")
        private List<String> mountpoints = List.of();

        abstract int apply(DomainGuest guest, String... chosen);

        abstract String done();

        @Override
        final int on(Domain domain) {
            int count = apply(domain.guest(), mountpoints.toArray(String[]::new));
            output().item(
                            Item.of(domain).with("done", done()).with("filesystems", count),
                            domain.name() + ": " + count + " file systems " + done());
            return Status.OK;
        }
    }

    /// Freezes file systems.
    @Command(
            name = "freeze",
            description = "Freezes file systems, for a consistent copy of the disks; writers in the guest wait.",
            footer = "agent freeze web /data")
    static final class Freeze extends OnFileSystems {
        @Override
        int apply(DomainGuest guest, String... chosen) {
            return guest.fsFreeze(chosen);
        }

        @Override
        String done() {
            return "frozen";
        }
    }

    /// Thaws file systems.
    @Command(name = "thaw", description = "Thaws frozen file systems.", footer = "agent thaw web")
    static final class Thaw extends OnFileSystems {
        @Override
        int apply(DomainGuest guest, String... chosen) {
            return guest.fsThaw(chosen);
        }

        @Override
        String done() {
            return "thawed";
        }
    }

    /// Gives unused blocks back.
    @Command(
            name = "trim",
            description = "Tells the disks which blocks the mounted file systems do not use.",
            footer = "agent trim web")
    static final class Trim extends OnDomain {
        @Option(names = "--mountpoint", paramLabel = "PATH", description = "this file system; without it all")
        private @Nullable String mountpoint;

        @Option(names = "--minimum", paramLabel = "N", description = "leave out free ranges of fewer bytes")
        private long minimum;

        @Override
        int on(Domain domain) {
            if (minimum < 0) {
                throw wrong("--minimum must be at least 0, not " + minimum);
            }
            domain.guest().fsTrim(mountpoint, minimum);
            output().item(Item.of(domain).with("done", "trimmed"), domain.name() + ": trimmed");
            return Status.OK;
        }
    }

    /// Sets a password.
    @Command(
            name = "set-password",
            description = {
                "Sets the password of a user of the system.",
                "It is asked for on the terminal; elsewhere it is the first line of standard input."
            },
            footer = "agent set-password web root")
    static final class SetPassword extends OnDomain {
        @Parameters(index = "1", paramLabel = "USER", description = "the user in the domain")
        private String user = "";

        @Option(names = "--encrypted", description = "the password is already encrypted, as in /etc/shadow")
        private boolean encrypted;

        @Override
        int on(Domain domain) throws IOException {
            DomainSetUserPasswordFlags[] flags = encrypted
                    ? new DomainSetUserPasswordFlags[] {DomainSetUserPasswordFlags.ENCRYPTED}
                    : new DomainSetUserPasswordFlags[0];
            domain.guest().setUserPassword(user, Password.ask(), flags);
            output().item(
                            Item.of(domain).with("user", user).with("done", "password set"),
                            domain.name() + ": the password of " + user + " is set");
            return Status.OK;
        }
    }

    /// Shows or changes who can log in with a key.
    @Command(
            name = "ssh-keys",
            description = "Lists the SSH keys with which a user can log in, or changes them.",
            footer = "agent ssh-keys web root --add ~/.ssh/id_ed25519.pub")
    static final class SshKeys extends OnDomain {
        @Parameters(index = "1", paramLabel = "USER", description = "the user in the domain")
        private String user = "";

        @ArgGroup
        private @Nullable Change change;

        /// At most one of the changes.
        static final class Change {
            @Option(names = "--add", paramLabel = "FILE", description = "add the keys of this file")
            private @Nullable String add;

            @Option(names = "--replace", paramLabel = "FILE", description = "put the keys of this file in place of all")
            private @Nullable String replace;

            @Option(names = "--remove", paramLabel = "FILE", description = "remove the keys of this file")
            private @Nullable String remove;

            void on(DomainGuest guest, String user) throws IOException {
                if (add != null) {
                    guest.setAuthorizedSshKeys(user, keys(add), DomainAuthorizedSshKeysSetFlags.APPEND);
                } else if (remove != null) {
                    guest.setAuthorizedSshKeys(user, keys(remove), DomainAuthorizedSshKeysSetFlags.REMOVE);
                } else if (replace != null) {
                    guest.setAuthorizedSshKeys(user, keys(replace));
                }
            }

            /// The lines of a file of public keys.
            private static List<String> keys(String file) throws IOException {
                return TextFile.read(file)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();
            }
        }

        @Override
        int on(Domain domain) throws IOException {
            if (change != null) {
                change.on(domain.guest(), user);
            }
            output().table(
                            List.of("key"),
                            domain.guest().authorizedSshKeys(user).stream()
                                    .map(key -> new Item().with("key", key))
                                    .toList());
            return Status.OK;
        }
    }
}
