package io.github.libvirt4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.loop.TimeoutHeap.Alarm;
import io.github.libvirt4j.loop.LoopTimeout;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class TimeoutHeapTest {
    private final TimeoutHeap heap = new TimeoutHeap();
    private final Map<LoopTimeout, Integer> expected = new HashMap<>();
    private int last;

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 100, 3_000})
    void givesThoseThatAreDueInTheirOrderWhateverWasChangedBefore(int many) throws Exception {
        var random = new Random(many);
        List<LoopTimeout> all = new ArrayList<>();
        for (int i = 0; i < 10 * many; i++) {
            LoopTimeout one = all.size() < many ? timeout() : all.get(random.nextInt(many));
            // Seconds, so that when exactly one was set does not matter; and some that wait for nothing.
            int millis = random.nextInt(8) == 0 ? -1 : 1_000 * (1 + random.nextInt(1_000_000));
            if (all.size() < many) {
                all.add(one);
                heap.add(one, millis);
            } else if (!expected.containsKey(one) && random.nextBoolean()) {
                // It was removed, and is not there.
                heap.update(one, millis);
                continue;
            } else if (random.nextInt(6) == 0) {
                heap.remove(one);
                expected.remove(one);
                continue;
            } else if (!expected.containsKey(one)) {
                heap.add(one, millis);
            } else {
                heap.update(one, millis);
            }
            expected.put(one, millis);
        }

        List<Integer> due = new ArrayList<>();
        for (Alarm alarm; (alarm = heap.nextDue(System.nanoTime() + Integer.MAX_VALUE * 1_000_000L)) != null; ) {
            due.add(Objects.requireNonNull(expected.get(alarm.timeout)));
            // Each is due again later, unless it is taken away.
            heap.remove(alarm.timeout);
        }

        assertThat(due)
                .isEqualTo(expected.values().stream()
                        .filter(millis -> millis >= 0)
                        .sorted()
                        .toList());
        assertThat(heap.isEmpty()).isTrue();
    }

    @Test
    void hasNothingDueBeforeItsTime() throws Exception {
        heap.add(timeout(), 60_000);

        assertThat(heap.nextDue(System.nanoTime())).isNull();
        assertThat(heap.firstDueAt() - System.nanoTime()).isBetween(50_000_000_000L, 60_000_000_000L);
    }

    @Test
    void hasEachThatWasDueAgainAfterItsTime() throws Exception {
        LoopTimeout one = timeout();
        heap.add(one, 7);
        LoopTimeout atOnce = timeout();
        heap.add(atOnce, 0);
        long time = System.nanoTime() + 7_000_000;

        assertThat(heap.nextDue(time))
                .isNotNull()
                .extracting(alarm -> alarm.timeout)
                .isSameAs(atOnce);
        assertThat(heap.nextDue(time))
                .isNotNull()
                .extracting(alarm -> alarm.timeout)
                .isSameAs(one);
        assertThat(heap.nextDue(time)).isNull();

        assertThat(heap.firstDueAt()).isEqualTo(time + 1);
        heap.remove(atOnce);
        assertThat(heap.firstDueAt()).isEqualTo(time + 7_000_000);
        heap.remove(one);
        assertThat(heap.isEmpty()).isTrue();
    }

    /// The first was changed so often that the places it left are given up. What was behind it is not in
    /// order.
    @Test
    void keepsItsOrderWhenThePlacesLeftBehindAreGivenUp() throws Exception {
        LoopTimeout first = timeout();
        heap.add(first, 10_000);
        for (int seconds : new int[] {50, 40, 30, 20}) {
            LoopTimeout one = timeout();
            heap.add(one, 1_000 * seconds);
            expected.put(one, seconds);
        }
        for (int i = 0; i < 61; i++) {
            heap.update(first, 100_000);
        }
        expected.put(first, 100);

        List<Integer> due = new ArrayList<>();
        for (Alarm alarm; (alarm = heap.nextDue(System.nanoTime() + 200_000_000_000L)) != null; ) {
            due.add(Objects.requireNonNull(expected.get(alarm.timeout)));
            heap.remove(alarm.timeout);
        }

        assertThat(due).containsExactly(20, 30, 40, 50, 100);
    }

    @Test
    void doesNotGrowWithWhatIsRemoved() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            LoopTimeout one = timeout();
            heap.add(one, 1_000);
            heap.remove(one);
        }
        Field places = TimeoutHeap.class.getDeclaredField("heap");
        places.setAccessible(true);
        assertThat((Object[]) places.get(heap)).hasSize(64);
    }

    /// A call can change another timeout that is due as well.
    @Test
    void hasNothingPendingThatWasChangedSinceItWasDue() throws Exception {
        List<Alarm> due = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            heap.add(timeout(), 0);
        }
        long time = System.nanoTime();
        for (Alarm alarm; (alarm = heap.nextDue(time)) != null; ) {
            due.add(alarm);
        }
        assertThat(due).hasSize(3).allMatch(Alarm::isPending);

        heap.update(due.get(0).timeout, 0);
        heap.remove(due.get(1).timeout);

        assertThat(due).extracting(Alarm::isPending).containsExactly(false, false, true);
    }

    /// As the loop's six functions make it.
    private LoopTimeout timeout() {
        return new LibvirtTimeout(++last, 0, 0, 0);
    }
}
