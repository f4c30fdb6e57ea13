package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.internal.callback.Loans;
import java.io.IOException;

/// `closures N WARM ROUNDS`: bytes of each of many closures on loan, beside the closure itself.
final class Closures {
    private Closures() {}

    static void run(Peer.Arguments arguments) throws IOException {
        int warm = arguments.number(1);
        long[] numbers = new long[arguments.number(0)];
        Runnable closure = () -> {};
        for (int round = 0; round < warm + arguments.number(2); round++) {
            long before = Memory.all();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Loans.lend(closure);
            }
            if (round >= warm) {
                Peer.say("bytes", 1, (double) (Memory.all() - before) / numbers.length);
            }
            for (long number : numbers) {
                Loans.end(number);
            }
        }
    }
}
