package io.github.libvirt4j.bench;

import io.github.libvirt4j.bench.Measurement.Figure;
import io.github.libvirt4j.bench.Measurement.Goal;
import io.github.libvirt4j.bench.Results.Found;
import io.github.libvirt4j.bench.Results.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/// Results as Markdown, which a terminal shows as well.
final class Table {
    private Table() {}

    static void print(Measurement measurement, Results results) {
        System.out.println();
        values(measurement, results).forEach(System.out::println);
        System.out.println();
        goals(List.of(measurement), results).forEach(System.out::println);
        System.out.println();
    }

    /// A line for each figure, series and N.
    static List<String> values(Measurement measurement, Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| figure | | N | median | lowest – highest | ratio |");
        lines.add("| --- | --- | ---: | ---: | ---: | ---: |");
        for (Figure figure : measurement.figures) {
            Map<String, NavigableMap<Long, Sample>> bySeries =
                    results.values().getOrDefault(measurement.name, Map.of()).getOrDefault(figure.name(), Map.of());
            bySeries.forEach((series, byN) -> byN.forEach((n, sample) -> lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s – %s | %s |",
                    figure.title(),
                    series,
                    byN.size() > 1 || n > 1 ? String.format(Locale.ROOT, "%,d", n) : "",
                    figure.unit().format(sample.median()),
                    figure.unit().format(sample.lowest()),
                    figure.unit().format(sample.highest()),
                    ratio(measurement, figure, n, sample, results)))));
        }
        return lines;
    }

    /// To what the figure is measured against.
    static String ratio(Measurement measurement, Figure figure, long n, Sample sample, Results results) {
        Sample other = results.get(measurement.name, figure.against()).get(n);
        return other == null ? "" : Unit.digits(sample.ratioTo(other).value()) + " ×";
    }

    /// A line for each goal.
    static List<String> goals(List<Measurement> measurements, Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| | | goal | found | |");
        lines.add("| --- | --- | ---: | ---: | --- |");
        for (Measurement measurement : measurements) {
            for (Goal goal : measurement.goals) {
                Optional<Found> found = results.of(measurement, goal);
                String sign = goal.to().isEmpty() ? "" : " ×";
                lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s %s%s | %s | %s |",
                        goal.what(),
                        goal.to().isEmpty() ? goal.of().series() : goal.of().series() + " to " + against(goal),
                        goal.atMost() ? "≤" : "≥",
                        Unit.digits(goal.goal()),
                        sign,
                        found.map(each -> range(each, sign)).orElse("not measured"),
                        found.map(each -> verdict(each, measurement, goal, results))
                                .orElse("")));
            }
        }
        return lines;
    }

    private static String range(Found found, String sign) {
        String value = Unit.digits(found.value()) + sign;
        return found.low() == found.high()
                ? value
                : value + " (" + Unit.digits(found.low()) + " – " + Unit.digits(found.high()) + ")";
    }

    private static String verdict(Found found, Measurement measurement, Goal goal, Results results) {
        if (goal.isReachedBy(found.value())) {
            return "reached";
        }
        return goal.isReachedBy(goal.atMost() ? found.low() : found.high())
                ? "about there" + because(goal.why())
                : missed(measurement, goal, results);
    }

    private static String against(Goal goal) {
        Measurement.Point to = goal.to().getFirst();
        if (to.equals(goal.of())) {
            return "itself at the smallest N";
        }
        return to.figure().equals(goal.of().figure()) ? to.series() : to.figure() + " of " + to.series();
    }

    /// With the reason, if it is known: stated, or that C is no nearer to it.
    private static String missed(Measurement measurement, Goal goal, Results results) {
        String why = goal.why();
        Optional<Found> ofC = results.of(
                measurement, goal.of(new Measurement.Point("C", goal.of().figure())));
        if (why.isEmpty()
                && ofC.isPresent()
                && !goal.to().getFirst().series().equals("C")
                && !goal.isReachedBy(ofC.get().value())) {
            why = "C itself is at " + Unit.digits(ofC.get().value()) + " ×";
        }
        return "**missed**" + because(why);
    }

    private static String because(String why) {
        return why.isEmpty() ? "" : ": " + why;
    }
}
