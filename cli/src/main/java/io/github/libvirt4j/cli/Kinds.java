package io.github.libvirt4j.cli;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/// The kinds of events that the option `--kind` names.
///
/// @param wrong makes the exception for a message
record Kinds(Function<String, ParameterException> wrong) {
    Set<EventKind<?>> of(List<String> names) {
        List<EventKind<?>> known = Libvirt.eventKinds();
        Set<EventKind<?>> kinds = new LinkedHashSet<>();
        for (String name : names) {
            kinds.add(known.stream()
                    .filter(kind -> kind.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            unknown(name, known.stream().map(EventKind::name).toList())));
        }
        return kinds;
    }

    /// Those of domains, which the option `option` needs.
    Set<EventKind<? extends DomainEvent>> ofDomains(Set<EventKind<?>> kinds, String option) {
        Set<EventKind<? extends DomainEvent>> ofDomains = new LinkedHashSet<>();
        for (EventKind<?> kind : kinds) {
            ofDomains.add(kind.narrow(DomainEvent.class)
                    .orElseThrow(() -> wrong.apply(option + ": " + kind + " events are not of domains")));
        }
        return ofDomains;
    }

    private ParameterException unknown(String name, List<String> known) {
        return wrong.apply("--kind: no kind of event is called '" + name + "'" + Similar.hintOrAll(name, known));
    }
}
