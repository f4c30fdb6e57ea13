package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.internal.callback.Loans;
import java.io.IOException;

/// `closures N`: bytes of each of many closures on loan, beside the closure itself.
final class Closures {
    private Closures() {}

    static void run(Peer.Arguments arguments) throws IOException {
        long[] numbers = new long[arguments.number(0)];
        Runnable closure = () -> {};
        while (Peer.turn()) {
            long before = Memory.all();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Loans.lend(closure);
            }
            Peer.say("bytes", 1, (double) (Memory.all() - before) / numbers.length);
            for (long number : numbers) {
                Loans.end(number);
            }
        }
    }
}
