package io.github.libvirt4j.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;

/// A reconciler in the hands of a test: time goes by milliseconds, commands and notices are taken one by one.
final class Rig {
    static final Duration RESYNC = Duration.ofMinutes(5);
    static final UUID A = new UUID(0, 1);
    static final UUID B = new UUID(0, 2);
    static final UUID C = new UUID(0, 3);

    final Reconciler reconciler;
    Notices notices;
    private long millis;

    /// With one handler, which hears of domains.
    Rig() {
        this(Duration.ZERO);
    }

    Rig(Duration settle) {
        reconciler = new Reconciler(Retry.exponential(), new SplittableRandom(1), now());
        notices = reconciler.watch(RESYNC, settle, List.of(), now());
    }

    /// Up, with domains that were listed and told.
    Rig with(DomainView... domains) {
        open();
        list(Arrays.stream(domains).map(this::stamped).toArray(DomainView[]::new));
        notices();
        return this;
    }

    /// With the generation that there is now.
    private DomainView stamped(DomainView view) {
        return new DomainView(
                view.domain(),
                view.id(),
                view.rawState(),
                view.rawReason(),
                view.persistent(),
                generation(),
                view.asOf());
    }

    Moment now() {
        return new Moment(millis * 1_000_000, instant());
    }

    Instant instant() {
        return Instant.ofEpochMilli(millis);
    }

    long millis() {
        return millis;
    }

    void pass(long more) {
        millis += more;
    }

    /// Lets time pass until the reconciler wants to be called.
    void sleep() {
        long at = Math.ceilDiv(reconciler.wakeAt(), 1_000_000L);
        assertThat(at).as("the time to wake at").isGreaterThan(millis).isLessThan(Long.MAX_VALUE / 1_000_000L);
        millis = at;
    }

    /// The next command, which has the type.
    <C extends Command> C next(Class<C> type) {
        Command command = reconciler.next(now());
        assertThat(command).isInstanceOf(type);
        return type.cast(Objects.requireNonNull(command));
    }

    void nothing() {
        assertThat(reconciler.next(now())).isNull();
    }

    int open() {
        var open = next(Command.Open.class);
        reconciler.opened(open, now());
        return open.generation();
    }

    /// Answers the list that is due.
    void list(DomainView... domains) {
        var list = next(Command.ListDomains.class);
        reconciler.listed(list, List.of(domains), now());
    }

    /// Answers all lists of the schedule with the same domains.
    void listAll(DomainView... domains) {
        while (millis < 20_000) {
            sleep();
            list(domains);
        }
    }

    /// Answers a look, which is due for the domain.
    void find(DomainView domain) {
        var look = next(Command.Look.class);
        assertThat(look.domain()).isEqualTo(domain.domain().uuid());
        reconciler.found(look, domain, now());
    }

    void absent(UUID domain) {
        var look = next(Command.Look.class);
        assertThat(look.domain()).isEqualTo(domain);
        reconciler.absent(look, now());
    }

    DomainEvent.Lifecycle event(UUID domain, DomainEventType type) {
        return event(domain, type, 0);
    }

    DomainEvent.Lifecycle event(UUID domain, DomainEventType type, int detail) {
        var event = new DomainEvent.Lifecycle(new DomainIdentity("any", domain), type.value(), detail);
        reconciler.event(generation(), event);
        return event;
    }

    int generation() {
        return reconciler.state() instanceof LinkState.Up up ? up.generation() : 0;
    }

    void lose() {
        reconciler.lost(generation(), new IllegalStateException("broke off"), now());
    }

    /// Loses the connection, and opens the next.
    int reopen() {
        lose();
        next(Command.Close.class);
        pass(1_000);
        return open();
    }

    List<Notice> notices() {
        List<Notice> all = new ArrayList<>();
        for (Notice notice = notices.poll(now()); notice != null; notice = notices.poll(now())) {
            all.add(notice);
        }
        return all;
    }

    /// The only notice there is, which has the type.
    <N extends Notice> N notice(Class<N> type) {
        List<Notice> all = notices();
        assertThat(all).hasSize(1);
        assertThat(all).first().isInstanceOf(type);
        return type.cast(all.getFirst());
    }

    // Domains, as read now.

    DomainView running(UUID domain) {
        return view(domain, DomainState.RUNNING, 1, true);
    }

    DomainView off(UUID domain) {
        return view(domain, DomainState.SHUTOFF, 1, true);
    }

    DomainView view(UUID domain, DomainState state, int reason, boolean persistent) {
        return new DomainView(
                new DomainIdentity("domain " + domain.getLeastSignificantBits(), domain),
                state == DomainState.SHUTOFF
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) domain.getLeastSignificantBits()),
                state.value(),
                reason,
                persistent,
                generation(),
                instant());
    }
}
