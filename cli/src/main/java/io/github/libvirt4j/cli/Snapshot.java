package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainSnapshot;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.DomainSnapshotRevertFlags;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Snapshots of a domain.
@Command(
        name = "snapshot",
        description = "Lists, creates and deletes snapshots of a domain, and reverts the domain to one.",
        footer = "snapshot create web before-upgrade",
        subcommands = {Snapshot.ListAll.class, Snapshot.Create.class, Snapshot.Revert.class, Snapshot.Delete.class})
final class Snapshot extends Group {
    Snapshot() {
        super("What to do?");
    }

    /// Lists snapshots.
    @Command(name = "list", description = "Lists the snapshots of a domain.", footer = "snapshot list web")
    static final class ListAll extends OnDomain {
        private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");

        @Override
        int on(Domain domain) {
            List<Item> items = domain.snapshots().listAll().stream()
                    .flatMap(ListAll::unlessGone)
                    .sorted(Comparator.comparing(
                            item -> Values.text(item.values().get("created"))))
                    .toList();
            output().table(List.of("name", "parent", "current", "created", "state"), items);
            return Status.OK;
        }

        /// Nothing for a snapshot that was deleted since.
        private static Stream<Item> unlessGone(DomainSnapshot snapshot) {
            try (snapshot) {
                String xml = snapshot.xmlDesc();
                return Stream.of(new Item()
                        .with("name", snapshot.name())
                        .with("parent", parent(snapshot))
                        .with("current", snapshot.isCurrent())
                        .with("created", created(xml))
                        .with("state", first(xml, "state")));
            } catch (NotFoundException e) {
                return Stream.of();
            }
        }

        /// Null also for a number that is negative or beyond the year 5138.
        private static @Nullable Instant created(String xml) {
            String seconds = first(xml, "creationTime");
            return seconds != null && SECONDS.matcher(seconds).matches()
                    ? Instant.ofEpochSecond(Long.parseLong(seconds))
                    : null;
        }

        private static @Nullable String parent(DomainSnapshot snapshot) {
            return snapshot.parent()
                    .map(found -> {
                        try (found) {
                            return found.name();
                        }
                    })
                    .orElse(null);
        }

        /// The text of the first element of that name: the snapshot's own are before those of its domain.
        private static @Nullable String first(String xml, String element) {
            Matcher matcher = Pattern.compile("<" + element + ">([^<]*)<").matcher(xml);
            return matcher.find() ? matcher.group(1) : null;
        }
    }

    /// Takes a snapshot.
    @Command(
            name = "create",
            description = "Takes a snapshot of a domain, and waits until it is complete.",
            footer = "snapshot create web before-upgrade --disk-only --quiesce")
    static final class Create extends OnDomain {
        @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "its name; default: a number")
        private @Nullable String name;

        @Option(names = "--description", paramLabel = "TEXT", description = "a text that is kept with it")
        private @Nullable String description;

        @Option(
                names = "--disk-only",
                description = "without the memory: each disk continues in a new image, above the one it has")
        private boolean diskOnly;

        @Option(names = "--quiesce", description = "with --disk-only: the agent freezes the file systems meanwhile")
        private boolean quiesce;

        @Override
        int on(Domain domain) {
            Flags<DomainSnapshotCreateFlags> flags = new Flags<DomainSnapshotCreateFlags>()
                    .with(DomainSnapshotCreateFlags.DISK_ONLY, diskOnly)
                    .with(DomainSnapshotCreateFlags.QUIESCE, quiesce);
            String xml = "<domainsnapshot>" + element("name", name) + element("description", description)
                    + "</domainsnapshot>";
            try (DomainSnapshot snapshot =
                    domain.snapshots().create(xml, flags.array(DomainSnapshotCreateFlags[]::new))) {
                said(this, domain, snapshot.name(), "created");
            }
            return Status.OK;
        }

        private static String element(String name, @Nullable String text) {
            return text == null ? "" : "<" + name + ">" + XmlText.escaped(text) + "</" + name + ">";
        }
    }

    /// A subcommand for one snapshot.
    abstract static class OnSnapshot extends OnDomain {
        @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "the snapshot's name")
        private String name = "";

        abstract void on(DomainSnapshot snapshot);

        abstract String done();

        @Override
        final int on(Domain domain) {
            try (DomainSnapshot snapshot = Lookup.snapshot(domain, name)) {
                on(snapshot);
                said(this, domain, name, done());
            }
            return Status.OK;
        }
    }

    /// Reverts a domain.
    @Command(
            name = "revert",
            description = {
                "Returns a domain to the state of a snapshot.",
                "What the domain has done since is lost, unless there is a snapshot of it."
            },
            footer = "snapshot revert web before-upgrade")
    static final class Revert extends OnSnapshot {
        @Option(names = "--running", description = "the domain runs afterwards; default: as when it was taken")
        private boolean running;

        @Option(names = "--paused", description = "the domain is paused afterwards")
        private boolean paused;

        @Option(names = "--force", description = "also where libvirt considers it risky")
        private boolean force;

        @Override
        void on(DomainSnapshot snapshot) {
            Flags<DomainSnapshotRevertFlags> flags = new Flags<DomainSnapshotRevertFlags>()
                    .with(DomainSnapshotRevertFlags.RUNNING, running)
                    .with(DomainSnapshotRevertFlags.PAUSED, paused)
                    .with(DomainSnapshotRevertFlags.FORCE, force);
            snapshot.revertTo(flags.array(DomainSnapshotRevertFlags[]::new));
        }

        @Override
        String done() {
            return "reverted to";
        }
    }

    /// Deletes a snapshot.
    @Command(
            name = "delete",
            description = "Deletes a snapshot; the domain stays as it is.",
            footer = "snapshot delete web before-upgrade")
    static final class Delete extends OnSnapshot {
        @Option(names = "--children", description = "with all snapshots that descend from it")
        private boolean children;

        @Option(names = "--metadata", description = "libvirt forgets it; its state stays in the images")
        private boolean metadata;

        @Override
        void on(DomainSnapshot snapshot) {
            Flags<DomainSnapshotDeleteFlags> flags = new Flags<DomainSnapshotDeleteFlags>()
                    .with(DomainSnapshotDeleteFlags.CHILDREN, children)
                    .with(DomainSnapshotDeleteFlags.METADATA_ONLY, metadata);
            snapshot.delete(flags.array(DomainSnapshotDeleteFlags[]::new));
        }

        @Override
        String done() {
            return "deleted";
        }
    }

    private static void said(Subcommand command, Domain domain, String snapshot, String done) {
        command.output()
                .item(
                        Item.of(domain).with("snapshot", snapshot).with("done", done),
                        domain.name() + ": snapshot " + snapshot + " " + done);
    }
}
