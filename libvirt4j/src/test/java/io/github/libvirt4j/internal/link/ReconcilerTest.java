package io.github.libvirt4j.internal.link;

import static io.github.libvirt4j.internal.link.Rig.A;
import static io.github.libvirt4j.internal.link.Rig.B;
import static io.github.libvirt4j.internal.link.Rig.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules of the reconciler by name: commands, the cache, and the link. [NoticesTest] has those of what
/// a handler hears, and [ReconcilerPropertyTest] all of them at random.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ReconcilerTest {
    private final Rig rig = new Rig();
    private final Reconciler reconciler = rig.reconciler;

    // The schedule.

    @Test
    void theFirstListFollowsTheOpeningAtOnce() {
        assertThat(rig.open()).isEqualTo(1);
        assertThat(reconciler.isCurrent()).isFalse();
        rig.list(rig.running(A));
        assertThat(reconciler.isCurrent()).isTrue();
        assertThat(reconciler.all())
                .singleElement()
                .extracting(DomainView::asOf)
                .isEqualTo(rig.instant());
    }

    @Test
    void listsAreRepeatedOnTheScheduleAndThenWithJitter() {
        rig.with();
        for (int second : new int[] {1, 3, 8, 20}) {
            rig.sleep();
            assertThat(rig.millis()).isEqualTo(second * 1_000L);
            rig.list();
        }
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long before = rig.millis();
            rig.sleep();
            rig.list();
            pauses.add(rig.millis() - before);
        }
        assertThat(pauses).allMatch(pause -> pause >= 240_000 && pause <= 360_001);
        assertThat(pauses).anyMatch(pause -> pause < 260_000).anyMatch(pause -> pause > 340_000);
    }

    @Test
    void theScheduleBeginsAnewWithEachGeneration() {
        rig.with();
        rig.listAll();
        rig.reopen();
        rig.list();
        rig.sleep();
        assertThat(rig.millis()).isEqualTo(20_000 + 1_000 + 1_000);
    }

    @Test
    void listsThatASlowOneHasOvertakenAreLeftOut() {
        rig.open();
        var list = rig.next(Command.ListDomains.class);
        rig.pass(5_000);
        reconciler.listed(list, List.of(), rig.now());
        rig.list();
        rig.sleep();
        assertThat(rig.millis()).isEqualTo(8_000);
    }

    @Test
    void aListThatFailsIsRepeatedWithGrowingPausesAndNothingIsBelieved() {
        rig.with(rig.running(A));
        rig.reopen();
        long before = rig.millis();
        for (int pause : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            reconciler.failed(rig.next(Command.ListDomains.class), new IllegalStateException("busy"), rig.now());
            assertThat(reconciler.isCurrent()).isFalse();
            rig.nothing();
            rig.sleep();
            assertThat(rig.millis() - before).isEqualTo(pause * 1_000L);
            before = rig.millis();
        }
        assertThat(reconciler.get(A)).isNotNull();
    }

    @Test
    void aConnectionWhoseListsFailForAResyncPeriodIsReplaced() {
        rig.with(rig.running(A));
        while (reconciler.state() instanceof LinkState.Up) {
            rig.sleep();
            reconciler.failed(rig.next(Command.ListDomains.class), new IllegalStateException("busy"), rig.now());
        }
        assertThat(rig.millis()).isGreaterThan(Rig.RESYNC.toMillis()).isLessThan(Rig.RESYNC.toMillis() + 60_000);
        assertThat(reconciler.state()).isInstanceOfSatisfying(LinkState.Down.class, down -> {
            assertThat(down.cause()).isEqualTo(Gap.Cause.UNANSWERED);
            assertThat(down.failure().orElseThrow()).hasMessage("busy");
        });
        assertThat(rig.next(Command.Close.class).generation()).isEqualTo(1);
    }

    @Test
    void looksAndListsAlternate() {
        rig.with();
        for (UUID domain : List.of(A, B, C)) {
            rig.event(domain, DomainEventType.DEFINED);
        }
        rig.pass(1_000);
        rig.find(rig.off(A));
        rig.pass(2_000);
        rig.list(rig.off(A));
        rig.pass(5_000);
        // The next list is due.
        rig.find(rig.off(B));
        rig.list(rig.off(A), rig.off(B));
        rig.find(rig.off(C));
    }

    @Test
    void oneCommandIsInProgressAtATime() {
        rig.open();
        rig.next(Command.ListDomains.class);
        rig.event(A, DomainEventType.DEFINED);
        rig.pass(60_000);
        rig.nothing();
        assertThat(reconciler.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    // Events and lists.

    @Test
    void anEventIsAHintAndTheLookAfterItCounts() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        rig.find(rig.running(A));
        assertThat(rig.notices()).isEmpty();
    }

    @Test
    void eventsOfADomainThatWaitAreOneLook() {
        rig.with(rig.running(A));
        for (int i = 0; i < 100; i++) {
            rig.event(A, DomainEventType.SUSPENDED);
        }
        rig.find(rig.running(A));
        rig.nothing();
    }

    @Test
    void anEventDuringALookAsksForAnother() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        var look = rig.next(Command.Look.class);
        rig.event(A, DomainEventType.STARTED);
        reconciler.found(look, rig.off(A), rig.now());
        rig.find(rig.running(A));
        rig.nothing();
    }

    @Test
    void anEntryOfAListLosesAgainstAnEventInItsWindow() {
        rig.with(rig.running(A));
        rig.sleep();
        var list = rig.next(Command.ListDomains.class);
        DomainView old = rig.off(A);
        rig.event(A, DomainEventType.STARTED);
        rig.event(B, DomainEventType.UNDEFINED);
        reconciler.listed(list, List.of(old, rig.off(B)), rig.now());
        assertThat(rig.notices()).isEmpty();
        rig.find(rig.running(A));
        rig.absent(B);
        assertThat(rig.notices()).isEmpty();
    }

    @Test
    void anEventWhileAConnectionIsOpenedIsLookedAtAfterTheFirstList() {
        var open = rig.next(Command.Open.class);
        reconciler.event(1, new DomainEvent.Lifecycle(new DomainIdentity("a", A), 0, 0));
        reconciler.opened(open, rig.now());
        rig.list();
        rig.find(rig.off(A));
        assertThat(reconciler.get(A)).isNotNull();
    }

    @Test
    void absenceFromTheFirstListIsConfirmedByALookAfterHalfASecond() {
        rig.with(rig.running(A));
        rig.reopen();
        rig.list();
        assertThat(reconciler.get(A)).isNotNull();
        long before = rig.millis();
        rig.nothing();
        rig.sleep();
        assertThat(rig.millis() - before).isEqualTo(500);
        rig.absent(A);
        assertThat(reconciler.get(A)).isNull();
    }

    @Test
    void absenceFromALaterListIsConfirmedByALookAfterAQuarterOfASecond() {
        rig.with(rig.running(A));
        rig.sleep();
        rig.list();
        rig.nothing();
        rig.sleep();
        assertThat(rig.millis()).isEqualTo(1_250);
        rig.find(rig.running(A));
        assertThat(reconciler.get(A)).isNotNull();
        assertThat(rig.notices()).isEmpty();
    }

    @Test
    void aLookThatFailsProvesNothingAndIsRepeatedWithGrowingPauses() {
        rig.with(rig.running(A));
        rig.listAll(rig.running(A));
        DomainEvent.Lifecycle event = rig.event(A, DomainEventType.STOPPED);
        long before = rig.millis();
        for (int pause : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            reconciler.failed(rig.next(Command.Look.class), new IllegalStateException("busy"), rig.now());
            rig.nothing();
            rig.sleep();
            assertThat(rig.millis() - before).isEqualTo(pause * 1_000L);
            before = rig.millis();
        }
        assertThat(rig.notices()).isEmpty();
        rig.absent(A);
        Notice.Removed removed = rig.notice(Notice.Removed.class);
        assertThat(removed.why()).hasToString("Told[hints=[" + event + "]]");
        assertThat(removed.finalStateUnknown()).isFalse();
    }

    @Test
    void aListServesALookThatHasFailed() {
        rig.with(rig.running(A));
        DomainEvent.Lifecycle event = rig.event(A, DomainEventType.STOPPED);
        rig.pass(500);
        reconciler.failed(rig.next(Command.Look.class), new IllegalStateException("busy"), rig.now());
        rig.pass(500);
        rig.list(rig.off(A));
        assertThat(rig.notice(Notice.Changed.class).why()).hasToString("Told[hints=[" + event + "]]");
        assertThat(reconciler.isQuiet()).isTrue();
    }

    @Test
    void anEventAfterALookThatHasFailedIsLookedAtAtOnce() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED, 1);
        var look = rig.next(Command.Look.class);
        rig.event(A, DomainEventType.STOPPED, 2);
        reconciler.failed(look, new IllegalStateException("busy"), rig.now());
        rig.find(rig.off(A));
        assertThat(rig.notice(Notice.Changed.class).why().toString())
                .contains("DESTROYED")
                .contains("CRASHED");
        assertThat(reconciler.isQuiet()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SHUTOFF, false", "SHUTDOWN, true", "PAUSED, true"})
    void anUnsettledDomainIsLookedAtAgainWithDoublingPauses(DomainState state, boolean persistent) {
        int reason = state == DomainState.PAUSED ? DomainPausedReason.STARTING_UP.value() : 0;
        rig.with(rig.running(A));
        rig.listAll(rig.running(A));
        rig.event(A, DomainEventType.SHUTDOWN);
        long before = rig.millis();
        for (int pause : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            rig.find(rig.view(A, state, reason, persistent));
            rig.nothing();
            rig.sleep();
            assertThat(rig.millis() - before).isEqualTo(pause * 1_000L);
            before = rig.millis();
        }
        rig.find(rig.running(A));
        assertThat(reconciler.isQuiet()).isTrue();
    }

    @Test
    void aDomainThatIsSettledIsNotLookedAtAgain() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        rig.find(rig.off(A));
        rig.event(A, DomainEventType.SUSPENDED);
        rig.find(rig.view(A, DomainState.PAUSED, DomainPausedReason.USER.value(), true));
        assertThat(reconciler.isQuiet()).isTrue();
    }

    // Generations.

    @Test
    void eventsOfAnEndedGenerationAreCountedAndDropped() {
        rig.with(rig.running(A));
        rig.reopen();
        rig.list(rig.running(A));
        reconciler.event(1, new DomainEvent.Lifecycle(new DomainIdentity("a", A), 5, 0));
        rig.nothing();
        assertThat(reconciler.strays()).isEqualTo(1);
    }

    @Test
    void answersThatComeLateOrTwiceAreIgnored() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        var look = rig.next(Command.Look.class);
        rig.lose();
        reconciler.absent(look, rig.now());
        rig.next(Command.Close.class);
        rig.pass(1_000);
        rig.open();
        var list = rig.next(Command.ListDomains.class);
        reconciler.listed(list, List.of(rig.running(A)), rig.now());
        reconciler.absent(look, rig.now());
        reconciler.listed(list, List.of(), rig.now());
        reconciler.failed(list, new IllegalStateException(), rig.now());
        reconciler.lost(1, new IllegalStateException(), rig.now());
        assertThat(reconciler.get(A)).isNotNull();
        assertThat(reconciler.isQuiet()).isTrue();
        assertThat(rig.generation()).isEqualTo(2);
    }

    @Test
    void aLossIsKnownAtOnceAndTheViewsStay() {
        rig.with(rig.running(A));
        Instant asOf = rig.instant();
        rig.pass(500);
        rig.lose();
        assertThat(reconciler.isCurrent()).isFalse();
        assertThat(reconciler.get(A)).isNotNull().extracting(DomainView::asOf).isEqualTo(asOf);
        assertThat(rig.next(Command.Close.class).generation()).isEqualTo(1);
        assertThat(reconciler.state()).isInstanceOfSatisfying(LinkState.Down.class, down -> {
            assertThat(down.since()).isEqualTo(rig.instant());
            assertThat(down.cause()).isEqualTo(Gap.Cause.DISCONNECTED);
            assertThat(down.failure().orElseThrow()).hasMessage("broke off");
        });
    }

    @Test
    void refusedOpeningsUseUpNumbersAndAreRepeatedWithJitter() {
        var start = (LinkState.Down) reconciler.state();
        assertThat(start.cause()).isEqualTo(Gap.Cause.BEGINNING);
        assertThat(start.failure()).isEmpty();
        long longest = 0;
        for (int tries = 1; tries <= 40; tries++) {
            var open = rig.next(Command.Open.class);
            assertThat(open.generation()).isEqualTo(tries);
            reconciler.failed(open, new IllegalStateException("refused " + tries), rig.now());
            var down = (LinkState.Down) reconciler.state();
            assertThat(down.tries()).isEqualTo(tries);
            assertThat(down.since()).isEqualTo(Instant.EPOCH);
            assertThat(down.failure().orElseThrow()).hasMessage("refused " + tries);
            long pause = Duration.between(rig.instant(), down.nextTry()).toMillis();
            assertThat(pause).isBetween(0L, Math.min(30_000L, 100L << Math.min(tries, 20)));
            longest = Math.max(longest, pause);
            rig.nothing();
            rig.sleep();
        }
        assertThat(longest).isGreaterThan(20_000);
        assertThat(rig.open()).isEqualTo(41);
    }

    @Test
    void aGenerationThatEndsAtOnceCountsAsAFailedTry() {
        for (int tries = 1; tries <= 10; tries++) {
            rig.open();
            rig.list();
            rig.lose();
            assertThat(((LinkState.Down) reconciler.state()).tries()).isEqualTo(tries);
            rig.next(Command.Close.class);
            rig.sleep();
        }
        rig.open();
        rig.pass(1_001);
        rig.lose();
        assertThat(((LinkState.Down) reconciler.state()).tries()).isZero();
    }

    @Test
    void aConnectionThatEndsWhileItIsOpenedIsNoGeneration() {
        var open = rig.next(Command.Open.class);
        reconciler.lost(1, new IllegalStateException("broke off"), rig.now());
        rig.nothing();
        reconciler.opened(open, rig.now());
        assertThat(reconciler.state()).isInstanceOf(LinkState.Down.class);
        assertThat(rig.next(Command.Close.class).generation()).isEqualTo(1);
        rig.sleep();
        assertThat(rig.open()).isEqualTo(2);
    }

    @Test
    void closingEndsEverythingAndAConnectionThatOpensLaterIsClosed() {
        rig.with(rig.running(A));
        rig.lose();
        rig.next(Command.Close.class);
        rig.pass(1_000);
        var open = rig.next(Command.Open.class);
        reconciler.close();
        rig.nothing();
        assertThat(reconciler.wakeAt()).isEqualTo(Long.MAX_VALUE);
        reconciler.opened(open, rig.now());
        assertThat(reconciler.wakeAt()).isEqualTo(Long.MIN_VALUE);
        assertThat(rig.next(Command.Close.class).generation()).isEqualTo(2);
        rig.nothing();
        assertThat(reconciler.state()).isEqualTo(new LinkState.Closed());
        assertThat(reconciler.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void closingClosesTheConnection() {
        rig.with();
        reconciler.close();
        reconciler.close();
        rig.next(Command.Close.class);
        rig.nothing();
    }

    // A deaf connection.

    @Test
    void threeChangesWithoutEventsInAResyncPeriodReplaceTheConnection() {
        DomainView[] before = {rig.running(A), rig.off(B), rig.off(C)};
        rig.with(before);
        rig.listAll(before);
        rig.sleep();
        rig.list(rig.off(A), rig.running(B));
        rig.pass(250);
        rig.absent(C);
        rig.pass(1_750);
        rig.nothing();
        rig.sleep();
        assertThat(rig.next(Command.Close.class).generation()).isEqualTo(1);
        assertThat(reconciler.state()).isInstanceOfSatisfying(LinkState.Down.class, down -> {
            assertThat(down.cause()).isEqualTo(Gap.Cause.DEAF);
            assertThat(down.failure()).isEmpty();
        });
        rig.sleep();
        assertThat(rig.open()).isEqualTo(2);
    }

    @Test
    void aChangeWhoseEventIsLateIsNotOneWithoutEvent() {
        DomainView[] before = {rig.running(A), rig.running(B), rig.running(C)};
        rig.with(before);
        rig.listAll(before);
        rig.sleep();
        rig.list(rig.off(A), rig.off(B), rig.off(C));
        rig.pass(1_900);
        rig.event(C, DomainEventType.STOPPED);
        rig.find(rig.off(C));
        rig.pass(200);
        rig.nothing();
        assertThat(rig.generation()).isEqualTo(1);
    }

    @Test
    void changesWithoutEventsThatAreFarApartAreTolerated() {
        rig.with(rig.running(A));
        rig.listAll(rig.running(A));
        for (int i = 0; i < 20; i++) {
            rig.pass(200_000);
            DomainView other = i % 2 == 0 ? rig.off(A) : rig.running(A);
            Command command = reconciler.next(rig.now());
            if (command instanceof Command.ListDomains list) {
                reconciler.listed(list, List.of(other), rig.now());
            }
        }
        assertThat(rig.generation()).isEqualTo(1);
    }

    @Test
    void changesFoundByTheScheduleAreThoseOfARestart() {
        rig.with(rig.running(A), rig.running(B), rig.running(C));
        rig.sleep();
        rig.list(rig.off(A), rig.off(B), rig.off(C));
        rig.pass(2_000);
        rig.list(rig.off(A), rig.off(B), rig.off(C));
        rig.pass(2_100);
        rig.nothing();
        assertThat(rig.generation()).isEqualTo(1);
    }

    @Test
    void changesThatHaveNoEventAreNoSignOfDeafness() {
        DomainView[] before = {rig.running(A), rig.running(B), rig.running(C)};
        rig.with(before);
        rig.listAll(before);
        rig.sleep();
        rig.list(
                rig.view(A, DomainState.RUNNING, 2, true),
                rig.view(B, DomainState.RUNNING, 2, true),
                rig.view(C, DomainState.SHUTDOWN, 0, true));
        assertThat(rig.notices()).hasSize(3);
        rig.pass(2_100);
        rig.next(Command.Look.class);
        assertThat(rig.generation()).isEqualTo(1);
    }

    // Handlers.

    @Test
    void withoutAHandlerOfDomainsThereAreNoLists() {
        reconciler.remove(rig.notices);
        rig.notices = reconciler.follow(rig.now());
        rig.open();
        rig.event(A, DomainEventType.DEFINED);
        rig.pass(600_000);
        rig.nothing();
        assertThat(reconciler.wakeAt()).isEqualTo(Long.MAX_VALUE);
        assertThat(rig.notices()).hasSize(2);
    }

    @Test
    void theFirstHandlerOfDomainsBeginsTheSchedule() {
        reconciler.remove(rig.notices);
        rig.open();
        rig.nothing();
        rig.pass(60_000);
        rig.notices = reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(), rig.now());
        rig.list(rig.running(A));
        assertThat(reconciler.isCurrent()).isTrue();
        rig.sleep();
        assertThat(rig.millis()).isEqualTo(61_000);
    }

    @Test
    void theLastHandlerOfDomainsTakesThemAlong() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        var look = rig.next(Command.Look.class);
        reconciler.remove(rig.notices);
        reconciler.found(look, rig.off(A), rig.now());
        assertThat(reconciler.all()).isEmpty();
        assertThat(reconciler.isCurrent()).isFalse();
        rig.pass(600_000);
        rig.nothing();
    }

    @Test
    void theShortestResyncPeriodCounts() {
        rig.with();
        reconciler.watch(Duration.ofSeconds(10), Duration.ZERO, List.of(), rig.now());
        rig.listAll();
        long before = rig.millis();
        rig.sleep();
        assertThat(rig.millis() - before).isBetween(8_000L, 12_001L);
    }

    // Domains that a handler knew before.

    private void know(DomainView... domains) {
        reconciler.remove(rig.notices);
        rig.notices = reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(domains), rig.now());
    }

    @Test
    void aHandlerHearsOfTheDifferencesToWhatItKnew() {
        know(rig.running(A), rig.running(B));
        assertThat(reconciler.isCurrent()).isFalse();
        assertThat(reconciler.get(A)).isNotNull();
        rig.open();
        rig.list(rig.running(A), rig.off(B), rig.running(C));
        List<Notice> notices = rig.notices();
        assertThat(notices)
                .filteredOn(Notice.Changed.class::isInstance)
                .singleElement()
                .satisfies(notice -> {
                    var changed = (Notice.Changed) notice;
                    assertThat(changed.was().state()).isEqualTo(DomainState.RUNNING);
                    assertThat(changed.was().generation()).isZero();
                    assertThat(changed.now().domain().uuid()).isEqualTo(B);
                    assertThat(changed.why().toString()).startsWith("Resync");
                });
        assertThat(notices)
                .filteredOn(Notice.Added.class::isInstance)
                .singleElement()
                .satisfies(notice -> assertThat(
                                ((Notice.Added) notice).now().domain().uuid())
                        .isEqualTo(C));
        assertThat(notices).last().isInstanceOf(Notice.Synced.class);
    }

    @Test
    void aKnownDomainIsRemovedAfterALookupOnly() {
        know(rig.running(A), rig.running(B));
        rig.open();
        rig.list();
        assertThat(rig.notices()).last().isInstanceOf(Notice.Synced.class);
        rig.nothing();
        rig.sleep();
        assertThat(rig.millis()).isEqualTo(500);
        rig.absent(A);
        Notice.Removed removed = rig.notice(Notice.Removed.class);
        assertThat(removed.last().domain().uuid()).isEqualTo(A);
        assertThat(removed.finalStateUnknown()).isTrue();
        rig.find(rig.running(B));
        assertThat(rig.notices()).isEmpty();
        assertThat(reconciler.get(B)).isNotNull();
    }

    /// Whatever generation the view has: another link counted it.
    @Test
    void aDomainThatIsKnownToOneHandlerIsNotToldToAnother() {
        rig.with();
        rig.listAll();
        Notices other = reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(rig.running(A)), rig.now());
        Notices third = reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(), rig.now());
        rig.absent(A);
        List<Notice> ofThird = new ArrayList<>();
        for (Notice notice = third.poll(rig.now()); notice != null; notice = third.poll(rig.now())) {
            ofThird.add(notice);
        }
        assertThat(ofThird).hasSize(3).last().isInstanceOf(Notice.Synced.class);
        assertThat(rig.notices()).isEmpty();
        rig.notices = other;
        assertThat(rig.notices()).last().isInstanceOf(Notice.Removed.class);
        // The domain was not there in the time of this connection: no event is missing.
        rig.pass(3_000);
        rig.nothing();
        assertThat(reconciler.wakeAt())
                .isGreaterThan(rig.now().nanos() + Duration.ofMinutes(3).toNanos());
    }

    /// An up-to-date link knows better than the handler.
    @Test
    void aHandlerThatComesLateHearsOfWhatDiffersFromWhatItKnew() {
        rig.with(rig.running(A), rig.running(B));
        rig.notices = reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(rig.running(A), rig.off(B)), rig.now());
        rig.nothing();
        assertThat(rig.notices())
                .filteredOn(notice -> !(notice instanceof Notice.Link))
                .satisfiesExactly(
                        gap -> assertThat(gap).isInstanceOf(Notice.Missing.class),
                        changed -> assertThat(((Notice.Changed) changed).was().state())
                                .isEqualTo(DomainState.SHUTOFF),
                        synced -> assertThat(synced).isInstanceOf(Notice.Synced.class));
        assertThat(reconciler.get(B)).isNotNull().extracting(DomainView::state).isEqualTo(DomainState.RUNNING);
    }

    @Test
    void threeKnownDomainsThatAreGoneDoNotMakeAConnectionDeaf() {
        rig.with();
        rig.listAll();
        Notices _ = reconciler.watch(
                Rig.RESYNC, Duration.ZERO, List.of(rig.running(A), rig.running(B), rig.running(C)), rig.now());
        rig.absent(A);
        rig.absent(B);
        rig.absent(C);
        rig.pass(3_000);
        rig.nothing();
        assertThat(reconciler.state()).isInstanceOf(LinkState.Up.class);
    }

    @Test
    void aDomainCostsNoMoreThan500Bytes() {
        int domains = 20_000;
        rig.open();
        var first = rig.next(Command.ListDomains.class);
        long before = heap();
        reconciler.listed(first, views(domains), rig.now());
        rig.notices();
        // The list after it, whose views are other objects.
        rig.sleep();
        reconciler.listed(rig.next(Command.ListDomains.class), views(domains), rig.now());
        long bytes = (heap() - before) / domains;
        assertThat(reconciler.all()).hasSize(domains);
        assertThat(bytes).isBetween(100L, 500L);
    }

    private List<DomainView> views(int count) {
        List<DomainView> views = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            views.add(new DomainView(
                    new DomainIdentity("instance-%08d-production".formatted(i), new UUID(i * 31L, i)),
                    OptionalInt.of(1_000 + i),
                    1,
                    1,
                    true,
                    1,
                    rig.instant()));
        }
        return views;
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
