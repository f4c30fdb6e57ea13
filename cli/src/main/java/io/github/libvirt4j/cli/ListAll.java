package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists objects of one sort; by default domains.
@Command(
        name = "list",
        description = "Lists the domains, or the networks, storage pools, volumes or devices.",
        footer = {"list --state running,paused", "list --pools --json"})
final class ListAll extends Subcommand {
    /// The objects to list.
    static final class Sort {
        @Option(names = "--networks", description = "the networks")
        private boolean networks;

        @Option(names = "--pools", description = "the storage pools")
        private boolean pools;

        @Option(names = "--volumes", description = "the volumes of all active storage pools; of one: `vol-list`")
        private boolean volumes;

        @Option(names = "--devices", description = "the devices of the host")
        private boolean devices;
    }

    @ArgGroup
    private Sort sort = new Sort();

    @Option(names = "--all", description = "the default, for those who are used to other commands")
    @SuppressWarnings("UnusedVariable") // It changes nothing.
    private boolean all;

    @Option(names = "--active", description = "only those that are active: domains that run or are paused")
    private boolean active;

    @Option(names = "--inactive", description = "only those that are not active")
    private boolean inactive;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "domains in these states only: running, paused, 'shut off' or shutoff, …")
    private List<String> states = List.of();

    @Option(names = "--persistent", description = "domains with a definition only")
    private boolean persistent;

    @Option(names = "--transient", description = "domains without a definition only")
    private boolean isTransient;

    @Option(names = "--autostart", description = "domains that start with the host only")
    private boolean autostart;

    @Option(
            names = {"-q", "--quiet"},
            description = "print the names only")
    private boolean quiet;

    @Override
    int run(Connect connect) {
        boolean onlyDomains = !states.isEmpty() || persistent || isTransient || autostart;
        boolean others = sort.networks || sort.pools || sort.volumes || sort.devices;
        if (others && onlyDomains) {
            throw wrong("--state, --persistent, --transient and --autostart are of domains");
        } else if (sort.volumes && (active || inactive)) {
            throw wrong("--active and --inactive are not of volumes");
        }
        states.forEach(this::check);
        Listing listing;
        if (sort.networks) {
            listing = Listing.networks(connect);
        } else if (sort.pools) {
            listing = Listing.pools(connect);
        } else if (sort.volumes) {
            listing = Listing.volumes(connect);
        } else if (sort.devices) {
            listing = Listing.devices(
                    connect,
                    new Flags<ConnectListAllNodeDeviceFlags>()
                            .with(ConnectListAllNodeDeviceFlags.ACTIVE, active)
                            .with(ConnectListAllNodeDeviceFlags.INACTIVE, inactive)
                            .array(ConnectListAllNodeDeviceFlags[]::new));
        } else {
            listing = Listing.domains(connect, flags());
        }
        List<Item> items = listing.items().stream()
                .filter(this::isWanted)
                .sorted(Comparator.comparing(item -> Values.text(item.values().get("name"))))
                .toList();
        if (quiet && !isJson()) {
            items.forEach(item -> out().println(item.values().get("name")));
        } else {
            output().table(listing.keys(), items);
        }
        return Status.OK;
    }

    private boolean isWanted(Item item) {
        Object isActive = item.values().get("active");
        if (isActive != null && active != inactive && !isActive.equals(active)) {
            return false;
        }
        return states.isEmpty()
                || (item.values().get("state") instanceof Word word
                        && states.stream().anyMatch(each -> isSame(each, word)));
    }

    private void check(String state) {
        List<Word> known = Word.states();
        if (known.stream().noneMatch(word -> isSame(state, word))) {
            throw wrong("--state: no state is called '" + state + "'"
                    + Similar.hintOrAll(
                            state, known.stream().map(Word::toString).toList()));
        }
    }

    private static boolean isSame(String state, Word word) {
        return letters(state).equals(letters(word.toString()))
                || letters(state).equals(letters(word.constant().name()));
    }

    /// `shut off`, `shut-off` and `SHUTOFF` are the same.
    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private ConnectListAllDomainsFlags[] flags() {
        return new Flags<ConnectListAllDomainsFlags>()
                .with(ConnectListAllDomainsFlags.ACTIVE, active)
                .with(ConnectListAllDomainsFlags.INACTIVE, inactive)
                .with(ConnectListAllDomainsFlags.PERSISTENT, persistent)
                .with(ConnectListAllDomainsFlags.TRANSIENT, isTransient)
                .with(ConnectListAllDomainsFlags.AUTOSTART, autostart)
                .array(ConnectListAllDomainsFlags[]::new);
    }
}
