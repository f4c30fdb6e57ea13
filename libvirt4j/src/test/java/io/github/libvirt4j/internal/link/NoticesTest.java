package io.github.libvirt4j.internal.link;

import static io.github.libvirt4j.internal.link.Rig.A;
import static io.github.libvirt4j.internal.link.Rig.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The rules of what a handler hears, by name.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class NoticesTest {
    private final Rig rig = new Rig();

    @Test
    void aGenerationBeginsWithItsStateItsGapAndItsDomains() {
        rig.notice(Notice.Link.class);
        rig.pass(10);
        rig.open();
        rig.list(rig.running(A), rig.off(B));
        Gap gap = new Gap(0, 1, Instant.EPOCH, rig.instant(), Gap.Cause.BEGINNING);
        assertThat(rig.notices())
                .containsExactly(
                        new Notice.Link(new LinkState.Up(1, rig.instant())),
                        new Notice.Missing(gap),
                        new Notice.Added(rig.running(A), new Why.Resync(gap)),
                        new Notice.Added(rig.off(B), new Why.Resync(gap)),
                        new Notice.Synced(1));
    }

    @Test
    void theNextGenerationTellsTheDifference() {
        rig.with(rig.running(A), rig.off(B));
        DomainView was = rig.running(A);
        DomainView last = rig.off(B);
        assertThat(was.generation()).isEqualTo(1);
        rig.pass(500);
        Instant lost = rig.instant();
        rig.reopen();
        rig.list(rig.off(A));
        DomainView now = rig.off(A);
        Gap gap = new Gap(1, 2, lost, rig.instant(), Gap.Cause.DISCONNECTED);
        assertThat(rig.notices())
                .containsExactly(
                        new Notice.Link(new LinkState.Up(2, rig.instant())),
                        new Notice.Missing(gap),
                        new Notice.Changed(was, now, new Why.Resync(gap)),
                        new Notice.Synced(2));
        rig.sleep();
        rig.absent(B);
        assertThat(rig.notice(Notice.Removed.class)).isEqualTo(new Notice.Removed(last, true, new Why.Resync(gap)));
    }

    @Test
    void eachStateOfALinkThatIsDownIsTold() {
        rig.with();
        rig.lose();
        rig.notice(Notice.Link.class);
        rig.next(Command.Close.class);
        rig.pass(1_000);
        rig.reconciler.failed(rig.next(Command.Open.class), new IllegalStateException("refused"), rig.now());
        assertThat(rig.notice(Notice.Link.class).state()).isEqualTo(rig.reconciler.state());
        rig.reconciler.close();
        assertThat(rig.notice(Notice.Link.class).state()).isEqualTo(new LinkState.Closed());
        assertThat(rig.notices()).isEmpty();
    }

    @Test
    void generationsThatTheHandlerMissedAreOneGap() {
        rig.with();
        rig.pass(5_000);
        Instant lost = rig.instant();
        for (int i = 0; i < 5; i++) {
            rig.reopen();
            rig.list(rig.running(A));
        }
        assertThat(rig.notices())
                .containsExactly(
                        new Notice.Link(new LinkState.Up(6, rig.instant())),
                        new Notice.Missing(new Gap(1, 6, lost, rig.instant(), Gap.Cause.DISCONNECTED)),
                        new Notice.Added(
                                rig.running(A),
                                new Why.Resync(new Gap(1, 6, lost, rig.instant(), Gap.Cause.DISCONNECTED))),
                        new Notice.Synced(6));
    }

    @Test
    void aGapThatWasNotToldBeforeTheNextLossIsPartOfTheNext() {
        rig.with();
        rig.reopen();
        assertThat(rig.notices.poll(rig.now())).isInstanceOf(Notice.Link.class);
        rig.reopen();
        assertThat(rig.notices())
                .filteredOn(Notice.Missing.class::isInstance)
                .singleElement()
                .satisfies(one -> {
                    Gap gap = ((Notice.Missing) one).gap();
                    assertThat(gap.from()).isEqualTo(1);
                    assertThat(gap.to()).isEqualTo(3);
                    assertThat(gap.lost()).isEqualTo(Instant.EPOCH);
                });
    }

    @Test
    void noDomainIsToldWhileTheLinkIsDown() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.STOPPED);
        rig.find(rig.off(A));
        rig.event(B, DomainEventType.DEFINED);
        rig.find(rig.off(B));
        rig.lose();
        rig.notice(Notice.Link.class);
        rig.next(Command.Close.class);
        rig.pass(1_000);
        rig.open();
        assertThat(rig.notices()).hasSize(2);
        // What was read before the loss is not told: it is no longer so.
        rig.list(rig.running(A));
        rig.notice(Notice.Synced.class);
    }

    @Test
    void aRemovalThatWasNotToldBeforeALossIsToldAfterIt() {
        rig.with(rig.running(A), rig.running(B));
        rig.event(A, DomainEventType.STOPPED);
        rig.absent(A);
        rig.event(B, DomainEventType.STOPPED);
        rig.absent(B);
        rig.reopen();
        rig.list(rig.running(B));
        List<Notice> all = rig.notices();
        assertThat(all).hasSize(4);
        assertThat(all.get(2)).isInstanceOfSatisfying(Notice.Removed.class, removed -> {
            assertThat(removed.last().domain().uuid()).isEqualTo(A);
            assertThat(removed.finalStateUnknown()).isFalse();
            assertThat(removed.why()).isInstanceOf(Why.Resync.class);
        });
    }

    @Test
    void twoChangesThatWaitAreOne() {
        rig.with(rig.running(A));
        DomainView was = rig.running(A);
        DomainEvent.Lifecycle first = rig.event(A, DomainEventType.SUSPENDED);
        rig.find(rig.view(A, DomainState.PAUSED, 1, true));
        DomainEvent.Lifecycle second = rig.event(A, DomainEventType.STOPPED);
        DomainView now = rig.off(A);
        rig.find(now);
        assertThat(rig.notices()).containsExactly(new Notice.Changed(was, now, new Why.Told(List.of(first, second))));
    }

    @Test
    void aChangeThatWasUndoneIsNotTold() {
        rig.with(rig.running(A));
        rig.event(A, DomainEventType.SUSPENDED);
        rig.find(rig.view(A, DomainState.PAUSED, 1, true));
        rig.event(A, DomainEventType.RESUMED);
        rig.find(rig.running(A));
        rig.event(B, DomainEventType.DEFINED);
        rig.find(rig.off(B));
        rig.event(B, DomainEventType.UNDEFINED);
        rig.absent(B);
        assertThat(rig.notices()).isEmpty();
    }

    @Test
    void aDomainThatWaitsKeepsItsPlace() {
        rig.with();
        rig.event(A, DomainEventType.DEFINED);
        rig.find(rig.off(A));
        rig.event(B, DomainEventType.DEFINED);
        rig.find(rig.off(B));
        rig.event(A, DomainEventType.STARTED);
        rig.find(rig.running(A));
        assertThat(rig.notices())
                .extracting(notice -> ((Notice.Added) notice).now().domain().uuid())
                .containsExactly(A, B);
    }

    @Test
    void syncedWaitsForTheDomainsOfTheFirstListAndForNoOther() {
        rig.open();
        rig.list(rig.running(A));
        rig.event(B, DomainEventType.DEFINED);
        rig.find(rig.off(B));
        assertThat(rig.notices())
                .extracting(notice -> (Object) notice.getClass())
                .containsExactly(
                        Notice.Link.class,
                        Notice.Missing.class,
                        Notice.Added.class,
                        Notice.Synced.class,
                        Notice.Added.class);
    }

    @Test
    void theLastEightHintsAreKept() {
        rig.with(rig.running(A));
        List<DomainEvent.Lifecycle> hints = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hints.add(rig.event(A, DomainEventType.SUSPENDED, i));
        }
        rig.find(rig.view(A, DomainState.PAUSED, 1, true));
        for (int i = 20; i < 23; i++) {
            hints.add(rig.event(A, DomainEventType.STOPPED, i));
        }
        rig.find(rig.off(A));
        assertThat(rig.notice(Notice.Changed.class).why()).isEqualTo(new Why.Told(hints.subList(15, 23)));
    }

    @Test
    void theFinalStateIsKnownIfAnEventToldOfTheEnd() {
        rig.with(rig.running(A), rig.running(B));
        rig.event(A, DomainEventType.UNDEFINED);
        rig.absent(A);
        assertThat(rig.notice(Notice.Removed.class).finalStateUnknown()).isFalse();
        rig.event(B, DomainEventType.SUSPENDED);
        rig.absent(B);
        assertThat(rig.notice(Notice.Removed.class).finalStateUnknown()).isTrue();
    }

    /// A transient domain has the event of its stop while it is still seen, and none when it goes.
    @Test
    void theFinalStateOfATransientDomainThatStoppedIsKnown() {
        rig.with(rig.view(A, DomainState.RUNNING, 1, false));
        rig.event(A, DomainEventType.STOPPED);
        rig.find(rig.view(A, DomainState.SHUTOFF, 1, false));
        rig.notice(Notice.Changed.class);
        rig.pass(1_000);
        // The list is due, too.
        rig.list(rig.view(A, DomainState.SHUTOFF, 1, false));
        rig.pass(1_000);
        rig.sleep();
        if (rig.reconciler.next(rig.now()) instanceof Command.Look look) {
            rig.reconciler.absent(look, rig.now());
        }
        Notice.Removed removed = rig.notice(Notice.Removed.class);
        assertThat(removed.finalStateUnknown()).isFalse();
        assertThat(removed.why()).isEqualTo(new Why.Drift());
    }

    @Test
    void aChangeThatARegularListFindsIsADrift() {
        rig.with(rig.running(A));
        rig.sleep();
        rig.list(rig.off(A), rig.off(B));
        assertThat(rig.notices())
                .hasSize(2)
                .allMatch(notice -> notice instanceof Notice.Changed(var _, var _, Why.Drift _)
                        || notice instanceof Notice.Added(var _, Why.Drift _));
    }

    // The settle time.

    @Test
    void aStopIsToldAfterTheSettleTime() {
        Rig settling = new Rig(Duration.ofSeconds(15)).with();
        settling.event(A, DomainEventType.STARTED);
        settling.find(settling.running(A));
        settling.notice(Notice.Added.class);
        settling.event(A, DomainEventType.STOPPED);
        settling.find(settling.off(A));
        assertThat(settling.reconciler.get(A)).extracting(DomainView::state).isEqualTo(DomainState.SHUTOFF);
        assertThat(settling.notices.wakeAt()).isEqualTo(15_000_000_000L);
        settling.pass(14_999);
        assertThat(settling.notices()).isEmpty();
        settling.pass(1);
        assertThat(settling.notice(Notice.Changed.class).now().state()).isEqualTo(DomainState.SHUTOFF);
        assertThat(settling.notices.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aStopThatIsFollowedByAStartIsNotToldByItself() {
        Rig settling = new Rig(Duration.ofSeconds(15));
        settling.with(settling.running(A));
        settling.event(A, DomainEventType.STOPPED);
        settling.find(settling.off(A));
        settling.pass(900);
        settling.event(A, DomainEventType.STARTED);
        DomainView was = settling.running(A);
        DomainView again = new DomainView(
                was.domain(), OptionalInt.of(77), was.rawState(), was.rawReason(), true, 1, settling.instant());
        settling.find(again);
        Notice.Changed changed = settling.notice(Notice.Changed.class);
        assertThat(changed.was().id()).hasValue(1);
        assertThat(changed.now().id()).hasValue(77);
        assertThat(settling.notices.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theSettleTimeHoldsNeitherRemovalsNorNewDomainsBack() {
        Rig settling = new Rig(Duration.ofSeconds(15));
        settling.with(settling.running(A));
        settling.event(B, DomainEventType.DEFINED);
        settling.find(settling.off(B));
        settling.notice(Notice.Added.class);
        settling.event(A, DomainEventType.STOPPED);
        settling.find(settling.off(A));
        assertThat(settling.notices()).isEmpty();
        settling.event(A, DomainEventType.UNDEFINED);
        settling.absent(A);
        settling.notice(Notice.Removed.class);
        assertThat(settling.notices.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theSettleTimeGoesOnWhileTheLinkIsDown() {
        Rig settling = new Rig(Duration.ofSeconds(15));
        settling.with(settling.running(A));
        settling.event(A, DomainEventType.STOPPED);
        settling.find(settling.off(A));
        settling.reopen();
        settling.list(settling.off(A));
        assertThat(settling.notices()).hasSize(3);
        assertThat(settling.notices.wakeAt()).isEqualTo(15_000_000_000L);
        settling.pass(14_000);
        settling.notice(Notice.Changed.class);
    }

    // Handlers.

    @Test
    void aHandlerThatComesLateHearsOfAllDomains() {
        rig.with(rig.running(A));
        rig.pass(500);
        rig.notices = rig.reconciler.watch(Rig.RESYNC, Duration.ZERO, List.of(), rig.now());
        Gap gap = new Gap(0, 1, rig.instant(), rig.instant(), Gap.Cause.BEGINNING);
        assertThat(rig.notices())
                .hasSize(4)
                .startsWith(new Notice.Link(rig.reconciler.state()), new Notice.Missing(gap));
    }

    @Test
    void eachNoticeCallsItsMethod() throws Exception {
        List<Object> heard = new ArrayList<>();
        DomainHandler handler = new DomainHandler() {
            @Override
            public void added(DomainView now, Why why) {
                heard.add(new Notice.Added(now, why));
            }

            @Override
            public void changed(DomainView was, DomainView now, Why why) {
                heard.add(new Notice.Changed(was, now, why));
            }

            @Override
            public void removed(DomainView last, boolean finalStateUnknown, Why why) {
                heard.add(new Notice.Removed(last, finalStateUnknown, why));
            }

            @Override
            public void link(LinkState state) {
                heard.add(new Notice.Link(state));
            }

            @Override
            public void gap(Gap gap) {
                heard.add(new Notice.Missing(gap));
            }

            @Override
            public void synced(int generation) {
                heard.add(new Notice.Synced(generation));
            }
        };
        DomainView one = rig.running(A);
        List<Notice> all = List.of(
                new Notice.Link(new LinkState.Closed()),
                new Notice.Missing(new Gap(0, 1, Instant.EPOCH, Instant.EPOCH, Gap.Cause.DEAF)),
                new Notice.Added(one, new Why.Drift()),
                new Notice.Changed(one, rig.off(A), new Why.Drift()),
                new Notice.Removed(one, true, new Why.Drift()),
                new Notice.Synced(3));
        for (Notice notice : all) {
            notice.tell(handler);
            notice.tell(new DomainHandler() {});
        }
        assertThat(heard).isEqualTo(all);
    }

    @Test
    void viewsDifferByWhatTheySayAndNotByWhenTheyWereRead() {
        DomainView one = rig.running(A);
        assertThat(one.differsFrom(new DomainView(one.domain(), one.id(), 1, 1, true, 9, Instant.MAX)))
                .isFalse();
        assertThat(one.differsFrom(new DomainView(one.domain(), one.id(), 3, 1, true, 0, one.asOf())))
                .isTrue();
        assertThat(one.differsFrom(new DomainView(one.domain(), one.id(), 1, 2, true, 0, one.asOf())))
                .isTrue();
        assertThat(one.differsFrom(new DomainView(one.domain(), one.id(), 1, 1, false, 0, one.asOf())))
                .isTrue();
        assertThat(one.differsFrom(new DomainView(one.domain(), OptionalInt.of(9), 1, 1, true, 0, one.asOf())))
                .isTrue();
        var renamed = new DomainIdentity("renamed", A);
        assertThat(one.differsFrom(new DomainView(renamed, one.id(), 1, 1, true, 0, one.asOf())))
                .isTrue();
        assertThat(one.status()).hasToString("RUNNING (BOOTED)");
        assertThat(one.state()).isEqualTo(DomainState.RUNNING);
    }
}
