package io.github.libvirt4j.bench;

import io.github.libvirt4j.bench.Measurement.Goal;
import io.github.libvirt4j.bench.Results.Found;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a change to the core made worse: ratios of one run against the same ratios of the committed one.
/// Times of two machines, or of two days, say nothing about each other, so none is compared; and what the
/// rounds leave open is not worse. Ratios to C differ between processors too, by up to 1.7 ×: a run on another
/// processor than the committed one shows what differs and calls nothing worse.
final class Check {
    private Check() {}

    /// Says what is worse; what is, is measured once more before it counts.
    ///
    /// @return whether nothing is
    static boolean compare(Run run, List<Measurement> measured, Results committed, Results now) throws Exception {
        if (!committed.processor().equals(now.processor())) {
            return show(measured, committed, now);
        }
        boolean good = true;
        for (Measurement measurement : measured) {
            if (!worse(measurement, committed, now).isEmpty()) {
                System.err.println("Once more:");
                run.measure(measurement);
            }
            for (String each : worse(measurement, committed, now)) {
                System.out.println("worse: " + each);
                good = false;
            }
        }
        System.out.println(
                good ? "Nothing is worse than in bench/results/quick.json." : "See CONTRIBUTING.md, Measuring.");
        return good;
    }

    private static boolean show(List<Measurement> measured, Results committed, Results now) {
        measured.stream()
                .flatMap(measurement -> worse(measurement, committed, now).stream())
                .forEach(each -> System.out.println("other: " + each));
        System.out.println("bench/results/quick.json is of another processor (" + committed.processor() + ", here "
                + now.processor() + "), so nothing is called worse. Run `bench/run --quick --accept` on the commit "
                + "before, and then this one again.");
        return true;
    }

    private static List<String> worse(Measurement measurement, Results committed, Results now) {
        return measurement.compared().stream()
                .filter(goal -> isWorse(goal, committed.of(measurement, goal), now.of(measurement, goal)))
                .map(goal -> say(goal, committed.of(measurement, goal), now.of(measurement, goal)))
                .toList();
    }

    private static String say(Goal goal, Optional<Found> committed, Optional<Found> now) {
        if (committed.isEmpty()) {
            return goal.what() + ": there is nothing to compare it with in bench/results/quick.json";
        }
        return now.isEmpty()
                ? goal.what() + ": there is nothing of " + goal.of() + " or "
                        + goal.to().getFirst() + ", so it was not compared"
                : String.format(
                        Locale.ROOT,
                        "%s: %s is %.2f × (%.2f – %.2f) %s, was %.2f; %.0f %% are tolerated",
                        goal.what(),
                        goal.of(),
                        now.get().value(),
                        now.get().low(),
                        now.get().high(),
                        goal.to().getFirst(),
                        committed.orElseThrow().value(),
                        goal.tolerance() * 100);
    }

    private static boolean isWorse(Goal goal, Optional<Found> committed, Optional<Found> now) {
        if (committed.isEmpty() || now.isEmpty()) {
            return committed.isPresent() || now.isPresent();
        }
        double before = committed.get().value();
        return goal.atMost()
                ? now.get().low() > before * (1 + goal.tolerance())
                : now.get().high() < before / (1 + goal.tolerance());
    }
}
