package io.github.libvirt4j.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.lang.ref.WeakReference;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class PointersTest {
    private final Pointers pointers = new Pointers();

    @Test
    void areTakenLowestFirstInEachPlace() {
        assertThat(pointers.claim("here")).isEqualTo(0);
        assertThat(pointers.claim("here")).isEqualTo(1);
        assertThat(pointers.claim("here")).isEqualTo(2);
        assertThat(pointers.claim("there")).isEqualTo(0);
        pointers.release("here", 1);
        assertThat(pointers.claim("here")).isEqualTo(1);
        assertThat(pointers.claim("here")).isEqualTo(3);
        pointers.release("there", 0);
        assertThat(pointers.claim("there")).isEqualTo(0);
    }

    @Test
    void canBeReleasedTwice() {
        pointers.claim("here");
        pointers.release("here", 0);
        pointers.release("here", 0);
        assertThat(pointers.claim("here")).isEqualTo(0);
    }

    /// A place can be a domain of which there are many in the life of a connection.
    @Test
    void keepNoPlaceOfWhichNoneIsTaken() throws Exception {
        WeakReference<Object> place = new WeakReference<>(new Object());
        claimAndRelease(Objects.requireNonNull(place.get()));
        while (place.get() != null) {
            System.gc();
            Thread.sleep(1);
        }
        assertThat(pointers.claim("here")).isEqualTo(0);
    }

    private void claimAndRelease(Object place) {
        pointers.claim(place);
        pointers.release(place, pointers.claim(place));
        pointers.release(place, 0);
    }
}
