package io.github.libvirt4j.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.lang.reflect.Field;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class CallPlacesTest {
    private static final int MOST = 16;
    private static final long BRIEFLY = TimeUnit.MILLISECONDS.toNanos(1);

    private static void takeAll(CallPlaces places) throws InterruptedException {
        for (int i = 0; i < MOST; i++) {
            assertThat(places.tryTake(BRIEFLY)).isTrue();
        }
        assertThat(places.tryTake(BRIEFLY)).isFalse();
        assertThat(places.tryTake()).isFalse();
        assertThat(places.count()).isEqualTo(MOST);
    }

    /// Nothing has begun or returned for so long.
    private static void passSeconds(CallPlaces places, long seconds) throws ReflectiveOperationException {
        Field lastMove = CallPlaces.class.getDeclaredField("lastMove");
        lastMove.setAccessible(true);
        lastMove.setLong(places, System.nanoTime() - TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void ofAConnectionAreSixteenForGood() throws Exception {
        CallPlaces places = CallPlaces.forCalls();
        takeAll(places);
        passSeconds(places, 1_000);
        assertThat(places.tryTake(BRIEFLY)).isFalse();
        places.giveBack();
        assertThat(places.tryTake()).isTrue();
        // One that had given its own back goes on in any case; the next that comes back is nobody's.
        places.takeAgain();
        places.giveBack();
        assertThat(places.tryTake()).isFalse();
        places.giveBack();
        assertThat(places.tryTake()).isTrue();
        assertThat(places.count()).isEqualTo(MOST);
    }

    @Test
    void ofOpeningsBecomeMoreWhereNoneComesBack() throws Exception {
        CallPlaces places = CallPlaces.forOpenings("uri");
        try {
            takeAll(places);
            passSeconds(places, 9);
            assertThat(places.tryTake(BRIEFLY)).isFalse();
            passSeconds(places, 11);
            assertThat(places.tryTake(0)).isFalse();
            assertThat(places.tryTake(BRIEFLY)).isTrue();
            assertThat(places.count()).isEqualTo(MOST + 1);
            // Each after twice as long.
            assertThat(places.tryTake(BRIEFLY)).isFalse();
            passSeconds(places, 19);
            assertThat(places.tryTake(BRIEFLY)).isFalse();
            passSeconds(places, 21);
            assertThat(places.tryTake(BRIEFLY)).isTrue();
            assertThat(places.count()).isEqualTo(MOST + 2);
            // They go as calls return, but for one that is free; and it is ten seconds again.
            places.giveBack();
            assertThat(places.count()).isEqualTo(MOST + 2);
            places.giveBack();
            assertThat(places.count()).isEqualTo(MOST + 1);
            assertThat(places.tryTake(BRIEFLY)).isTrue();
            passSeconds(places, 11);
            assertThat(places.tryTake(BRIEFLY)).isTrue();
            assertThat(places.count()).isEqualTo(MOST + 2);
            places.giveBack();
            places.giveBack();
            places.giveBack();
            assertThat(places.count()).isEqualTo(MOST);
        } finally {
            places.leave();
        }
    }

    /// A free one is taken at once, and a move: nothing stands still.
    @Test
    void ofOpeningsAreTakenWhereOneIsFree() throws Exception {
        CallPlaces places = CallPlaces.forOpenings("uri");
        try {
            passSeconds(places, 1_000);
            for (int i = 0; i < MOST; i++) {
                assertThat(places.tryTake(Long.MAX_VALUE)).isTrue();
            }
            assertThat(places.count()).isEqualTo(MOST);
            assertThat(places.tryTake(BRIEFLY)).isFalse();
            passSeconds(places, 1_000);
            places.takeAgain();
            assertThat(places.tryTake(BRIEFLY)).isFalse();
        } finally {
            places.leave();
        }
    }

    @Test
    void areForgottenWithTheirLastUser() {
        CallPlaces places = CallPlaces.forOpenings("uri");
        assertThat(CallPlaces.forOpenings("uri")).isSameAs(places);
        CallPlaces other = CallPlaces.forOpenings("other");
        assertThat(other).isNotSameAs(places);
        assertThat(CallPlaces.uris()).isEqualTo(2);
        places.enter();
        other.leave();
        places.leave();
        places.leave();
        assertThat(CallPlaces.uris()).isEqualTo(1);
        places.leave();
        assertThat(CallPlaces.uris()).isZero();
        CallPlaces.forCalls().enter();
        CallPlaces.forCalls().leave();
    }
}
