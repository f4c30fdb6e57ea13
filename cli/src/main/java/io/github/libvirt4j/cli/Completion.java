package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainSnapshot;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.StoragePoolIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The words that a shell can complete the last of some words to. The scripts of all shells call this: it
/// knows the subcommands and options as picocli does, and asks the hypervisor for names.
final class Completion {
    /// The first argument of the call that prints the candidates.
    static final String CALL = "__complete";

    /// Stands for the names of files, which shells know better.
    static final String FILES = ":files";

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<String> operands = new ArrayList<>();
    private CommandSpec spec;
    private @Nullable String uri = System.getenv(Root.VARIABLE);

    private Completion(CommandSpec root) {
        spec = root;
    }

    /// The candidates, each with a tab and a description if there is one.
    ///
    /// @param words after the name of the command; the last is to be completed
    static List<String> candidates(List<String> words) {
        String last = words.isEmpty() ? "" : words.getLast();
        List<String> before = words.subList(0, Math.max(0, words.size() - 1));
        boolean named = before.stream().anyMatch(Commands.NAMES::contains);
        CommandSpec root =
                (named ? Commands.commandLine(before.toArray(String[]::new)) : Commands.all()).getCommandSpec();
        return new Completion(root)
                .all(before, last)
                .filter(each -> each.equals(FILES) || each.startsWith(last))
                .toList();
    }

    private Stream<String> all(List<String> before, String last) {
        OptionSpec open = null;
        for (String word : before) {
            if (open != null) {
                note(open, word);
                open = null;
            } else if (word.startsWith("-")) {
                open = option(word);
            } else if (operands.isEmpty() && spec.subcommands().containsKey(word)) {
                spec = Objects.requireNonNull(spec.subcommands().get(word)).getCommandSpec();
            } else {
                operands.add(word);
            }
        }
        if (open != null) {
            return values(open, last);
        }
        int equals = last.startsWith("--") ? last.indexOf('=') : -1;
        if (equals >= 0) {
            OptionSpec option = spec.findOption(last.substring(0, equals));
            String prefix = last.substring(0, equals + 1);
            return option == null
                    ? Stream.of()
                    : values(option, last.substring(equals + 1))
                            .filter(each -> !each.equals(FILES))
                            .map(each -> prefix + each);
        } else if (last.startsWith("-")) {
            return spec.options().stream()
                    .filter(option -> !option.hidden())
                    .map(option -> described(option.longestName(), option.description()));
        } else if (!spec.subcommands().isEmpty() && operands.isEmpty()) {
            return spec.subcommands().entrySet().stream()
                    .filter(each ->
                            !each.getValue().getCommandSpec().usageMessage().hidden())
                    .map(each -> described(
                            each.getKey(),
                            each.getValue().getCommandSpec().usageMessage().description()));
        }
        return spec.positionalParameters().stream()
                .filter(each -> each.index().contains(operands.size()))
                .findFirst()
                .map(each -> values(each, last))
                .orElse(Stream.of());
    }

    private static String described(String word, String[] description) {
        return description.length == 0 ? word : word + "\t" + description[0].replaceAll("\\$\\{[^}]*}", "…");
    }

    /// The option whose value the next word is; null if it has none, or has it already.
    private @Nullable OptionSpec option(String word) {
        int equals = word.indexOf('=');
        OptionSpec option = spec.findOption(equals < 0 ? word : word.substring(0, equals));
        if (option == null || option.arity().max() == 0) {
            return null;
        }
        if (equals >= 0) {
            note(option, word.substring(equals + 1));
            return null;
        }
        return option;
    }

    private void note(OptionSpec option, String value) {
        if (option.longestName().equals("--connect")) {
            uri = value;
        }
    }

    private Stream<String> values(ArgSpec argument, String last) {
        Stream<String> all = argument.completionCandidates() == null
                ? named(argument)
                : StreamSupport.stream(argument.completionCandidates().spliterator(), false);
        // After a comma comes another value.
        int comma = argument.splitRegex().isEmpty() ? -1 : last.lastIndexOf(',');
        return all.map(each -> last.substring(0, comma + 1) + each);
    }

    private Stream<String> named(ArgSpec argument) {
        return switch (argument.paramLabel()) {
            case "DOMAIN" ->
                ask(connect -> connect.domains().identities().stream().map(DomainIdentity::name));
            case "POOL" ->
                ask(connect -> connect.storagePools().identities().stream().map(StoragePoolIdentity::name));
            case "VOLUME" -> operands.isEmpty() ? Stream.of() : ask(this::volumes);
            case "SNAPSHOT" -> operands.isEmpty() ? Stream.of() : ask(this::snapshots);
            case "K" -> Libvirt.eventKinds().stream().map(EventKind::name);
            case "STATE" ->
                Word.states().stream().map(each -> each.constant().name().toLowerCase(Locale.ROOT));
            case "FILE" -> Stream.of(FILES);
            default -> Stream.of();
        };
    }

    private Stream<String> volumes(Connect connect) {
        try (StoragePool pool = Lookup.pool(connect, operands.getFirst())) {
            return pool.volumes().identities().stream().map(StorageVol.Identity::name);
        }
    }

    private Stream<String> snapshots(Connect connect) {
        try (Domain domain = Lookup.domain(connect, operands.getFirst())) {
            return domain.snapshots().identities().stream().map(DomainSnapshot.Identity::name);
        }
    }

    /// Asks the hypervisor. Whoever presses a key for a completion is not told why there is none.
    private Stream<String> ask(Function<Connect, Stream<String>> names) {
        String to = uri == null || uri.isEmpty() ? Root.EMBEDDED : uri;
        try (Connect connect =
                Connect.to(to).readOnly().openTimeout(LIMIT).callTimeout(LIMIT).open()) {
            // A shell would take an escape for a part of the name.
            return names.apply(connect).filter(name -> Printer.harmless(name).equals(name)).toList().stream();
        } catch (RuntimeException e) {
            return Stream.of();
        }
    }
}
