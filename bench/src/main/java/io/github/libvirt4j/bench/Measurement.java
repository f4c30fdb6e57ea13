package io.github.libvirt4j.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One thing that is measured: the figures, whose, and what is to be reached. Made step by step in
/// [Measurements].
final class Measurement {
    /// One of its figures, a name of the protocol.
    ///
    /// @param against what its ratios are to, if that was measured
    /// @param fromStart whether its value is the time from the start of the process to its line
    record Figure(String name, String title, Unit unit, Point against, boolean fromStart) {}

    /// One line of it: a peer at work in one way.
    ///
    /// @param work options of the VM, the work and its arguments, with places to fill in
    record Series(String name, Peer peer, String work) {}

    /// A value: of a series, a figure, and the largest N of those that there are.
    record Point(String series, String figure) {
        static Point of(String text) {
            int slash = text.indexOf('/');
            return new Point(text.substring(0, slash), text.substring(slash + 1));
        }

        @Override
        public String toString() {
            return series + "/" + figure;
        }
    }

    /// What is to be reached.
    ///
    /// @param to what it is compared with: if it is the same, that at the smallest N; nothing, if the goal is
    ///     a number
    /// @param goal the ratio, or the number
    /// @param tolerance how much worse than the committed ratio a quick run may find it, as a part of it
    record Goal(String what, Point of, List<Point> to, boolean atMost, double goal, double tolerance, String why) {
        /// The same, of somebody else.
        Goal of(Point other) {
            return new Goal(what, other, to, atMost, goal, tolerance, why);
        }

        boolean isReachedBy(double value) {
            return atMost ? value <= goal : value >= goal;
        }
    }

    private record Size(String full, String quick) {}

    final String name;
    final String title;
    final String method;
    final List<Figure> figures = new ArrayList<>();
    final List<Series> series = new ArrayList<>();
    final List<Goal> goals = new ArrayList<>();
    private final Map<String, Size> sizes = new HashMap<>();
    private Size rounds = new Size("5", "2");
    private int warmUp;
    private double tolerance = 0.25;
    private boolean charted = true;

    Measurement(String name, String title, String method) {
        this.name = name;
        this.title = title;
        this.method = method;
    }

    /// How often every series runs, in turns.
    Measurement rounds(int full, int quick) {
        rounds = new Size(Integer.toString(full), Integer.toString(quick));
        return this;
    }

    /// How many rounds a VM has before the first that counts; what has no compiler has one.
    Measurement warmUp(int turns) {
        warmUp = turns;
        return this;
    }

    /// What stands for `{place}` in the arguments.
    Measurement size(String place, String full, String quick) {
        sizes.put(place, new Size(full, quick));
        return this;
    }

    /// How much worse a ratio may be in a quick run; see [Goal#tolerance].
    Measurement tolerance(double part) {
        tolerance = part;
        return this;
    }

    /// Only in the table.
    Measurement withoutChart() {
        charted = false;
        return this;
    }

    /// A figure, and what its ratios are to: `series/figure`.
    Measurement figure(String figure, String figureTitle, Unit unit, String against) {
        figures.add(new Figure(figure, figureTitle, unit, Point.of(against), false));
        return this;
    }

    /// The time from the start of the process to its line.
    Measurement figureFromStart(String figure, String figureTitle, String against) {
        figures.add(new Figure(figure, figureTitle, Unit.NANOSECONDS, Point.of(against), true));
        return this;
    }

    Measurement series(String seriesName, Peer peer, String work) {
        series.add(new Series(seriesName, peer, work));
        return this;
    }

    /// A ratio to another value of the run is to be at most so much.
    Measurement atMost(String what, String of, double goal, String to) {
        goals.add(new Goal(what, Point.of(of), List.of(Point.of(to)), true, goal, tolerance, ""));
        return this;
    }

    /// A ratio to another value of the run is to be at least so much.
    Measurement atLeast(String what, String of, double goal, String to) {
        goals.add(new Goal(what, Point.of(of), List.of(Point.of(to)), false, goal, tolerance, ""));
        return this;
    }

    /// A number that is to be at most so much.
    Measurement atMost(String what, String of, double goal) {
        goals.add(new Goal(what, Point.of(of), List.of(), true, goal, tolerance, ""));
        return this;
    }

    /// Why the last goal is not reached, where that is known.
    Measurement because(String why) {
        Goal last = goals.removeLast();
        goals.add(new Goal(last.what, last.of, last.to, last.atMost, last.goal, last.tolerance, why));
        return this;
    }

    Figure figure(String figure) {
        return figures.stream()
                .filter(each -> each.name.equals(figure))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no figure " + figure));
    }

    int rounds(boolean quick) {
        return Integer.parseInt(quick ? rounds.quick : rounds.full);
    }

    int warmUp(Series one) {
        return one.peer.isCompiledMeanwhile() ? warmUp : Math.min(warmUp, 1);
    }

    boolean isCharted() {
        return charted;
    }

    String fill(String work, boolean quick) {
        String filled = work;
        for (Map.Entry<String, Size> size : sizes.entrySet()) {
            filled = filled.replace("{" + size.getKey() + "}", quick ? size.getValue().quick : size.getValue().full);
        }
        return filled;
    }

    /// The ratios that a quick run compares: those of the goals, but to C, or what else the figure is
    /// measured against, in place of another binding, which is no measure of this one.
    Collection<Goal> compared() {
        // A goal to C, and one to another binding, are the same then.
        Map<List<?>, Goal> byPoints = new LinkedHashMap<>();
        goals.stream()
                .filter(goal -> !goal.to.isEmpty())
                .map(goal -> isBinding(goal.to.getFirst()) ? against(goal) : goal)
                .forEach(goal -> byPoints.putIfAbsent(List.of(goal.of, goal.to), goal));
        return byPoints.values();
    }

    private boolean isBinding(Point point) {
        return series.stream().anyMatch(one -> one.name.equals(point.series) && one.peer.isOtherBinding());
    }

    private Goal against(Goal goal) {
        Figure figure = figure(goal.of.figure);
        return new Goal(figure.title, goal.of, List.of(figure.against), goal.atMost, goal.goal, goal.tolerance, "");
    }

    /// Whether something that is compared needs it: a quick run leaves the others out.
    boolean isCompared(Series one) {
        return compared().stream()
                .anyMatch(goal -> goal.of.series.equals(one.name)
                        || goal.to.stream().anyMatch(point -> point.series.equals(one.name)));
    }
}
