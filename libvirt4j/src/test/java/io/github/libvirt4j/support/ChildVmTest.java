package io.github.libvirt4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class ChildVmTest {
    @Test
    void keepsLinesWholeWhateverIsLoggedMeanwhile() throws Exception {
        assertThat(ChildVm.run(Logging.class, List.of()))
                .isEqualTo(new ChildVm(0, List.of("a line of a log", "one line on stdout")));
    }

    static final class Logging {
        private Logging() {}

        public static void main(String[] none) {
            System.out.print("one line ");
            System.out.flush();
            System.err.println("a line of a log");
            System.out.println("on stdout");
        }
    }
}
