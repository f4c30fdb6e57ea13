package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.EnumValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A constant of libvirt, printed as a word; in JSON the constant's name, or its number if it is newer than
/// this command.
///
/// @param constant the constant
/// @param raw its number
record Word(EnumValue constant, int raw) {
    static Word of(EnumValue constant) {
        return new Word(constant, constant.value());
    }

    static Word of(Domain.Status status) {
        return new Word(status.state(), status.rawState());
    }

    static Word reasonOf(Domain.Status status) {
        return new Word(status.reason(), status.rawReason());
    }

    /// The states of domains.
    static List<Word> states() {
        return Stream.of(DomainState.values())
                .filter(state -> state != DomainState.UNRECOGNIZED)
                .map(Word::of)
                .toList();
    }

    boolean isKnown() {
        return !constant.name().equals("UNRECOGNIZED");
    }

    @Override
    public String toString() {
        if (!isKnown()) {
            return Integer.toString(raw);
        }
        return constant instanceof DomainState state
                ? state(state)
                : constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The word for the state of a domain.
    static String state(DomainState state) {
        return switch (state) {
            case NOSTATE -> "no state";
            case SHUTDOWN -> "shutting down";
            case SHUTOFF -> "shut off";
            case PMSUSPENDED -> "suspended";
            default -> state.name().toLowerCase(Locale.ROOT);
        };
    }
}
