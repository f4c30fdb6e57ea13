package io.github.libvirt4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class LibvirtSourcesTest {
    private final LibvirtSources<LibvirtTimeout> sources = new LibvirtSources<>();

    private static LibvirtTimeout source(int number) {
        return new LibvirtTimeout(number, 0, 0, 0);
    }

    /// Numbers that want the same place stand one behind the other, over the end of the table as well; which
    /// of them goes first is all the same.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40, 64, 100})
    void findsEachThatIsThereAndNoOther(int step) {
        var random = new Random(step);
        Map<Integer, LibvirtTimeout> expected = new HashMap<>();
        for (int round = 0; round < 3_000; round++) {
            // Up to 48 at a time, more than the table has room for at first.
            int number = step * random.nextInt(48) + (random.nextBoolean() ? 0 : 60);
            if (expected.containsKey(number)) {
                assertThat(sources.remove(number)).isSameAs(expected.remove(number));
            } else {
                assertThat(sources.remove(number)).isNull();
                LibvirtTimeout added = source(number);
                sources.add(added);
                expected.put(number, added);
            }
            for (int i = 0; i < 48; i++) {
                assertThat(sources.get(step * i)).isSameAs(expected.get(step * i));
                assertThat(sources.get(step * i + 60)).isSameAs(expected.get(step * i + 60));
            }
        }
    }

    /// A full table would be searched indefinitely, and so would one that forgets how many have gone.
    @Test
    void growsWhenHalfIsTakenAndNotBefore() throws Exception {
        Field places = LibvirtSources.class.getDeclaredField("places");
        places.setAccessible(true);
        for (int i = 0; i < 10_000; i++) {
            sources.add(source(i));
            assertThat(sources.remove(i)).isNotNull();
        }
        assertThat((Object[]) places.get(sources)).hasSize(64);
        for (int i = 0; i < 1_000; i++) {
            sources.add(source(i));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(sources.get(i)).isNotNull();
        }
        assertThat(sources.get(1_000)).isNull();
    }

    @Test
    void areFreedInTheOrderOfTheirRemoval() {
        var toFree = new LibvirtSources.ToFree();
        List<@Nullable LibvirtSource> freed = new ArrayList<>();
        assertThat(toFree.poll()).isNull();
        List<LibvirtTimeout> all = List.of(source(1), source(2), source(3));
        toFree.add(all.get(0));
        toFree.add(all.get(1));
        freed.add(toFree.poll());
        toFree.add(all.get(2));
        freed.add(toFree.poll());
        freed.add(toFree.poll());
        assertThat(freed).isEqualTo(all);
        assertThat(toFree.poll()).isNull();
        assertThat(all).allSatisfy(each -> assertThat(each.nextToFree).isNull());
        toFree.add(all.get(1));
        assertThat(toFree.poll()).isSameAs(all.get(1));
        assertThat(toFree.poll()).isNull();
    }
}
