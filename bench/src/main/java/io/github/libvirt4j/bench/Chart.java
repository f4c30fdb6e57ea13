package io.github.libvirt4j.bench;

import io.github.libvirt4j.bench.Measurement.Figure;
import io.github.libvirt4j.bench.Results.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/// Results as SVG: bars of ratios, or curves over N. Both axes of curves and that of bars are logarithmic.
final class Chart {
    private static final int WIDTH = 820;
    private static final int LEFT = 210;
    private static final int RIGHT = 190;
    private static final int ROW = 22;
    private static final int CURVE_HEIGHT = 320;
    private static final String INK = "#24292f";
    private static final String FAINT = "#d0d7de";
    private static final String GREY = "#57606a";
    private static final List<String> COLOURS =
            List.of("#0969da", "#8250df", "#1b7c83", "#bc4c00", "#cf222e", "#4d7c0f", "#9a6700");

    private final StringBuilder svg = new StringBuilder();
    private final Measurement measurement;
    private final Results results;

    private Chart(Measurement measurement, Results results) {
        this.measurement = measurement;
        this.results = results;
    }

    /// The charts of a measurement, by name: one of bars for all figures without N, one of curves for each
    /// with N.
    static Map<String, String> of(Measurement measurement, Results results) {
        Map<String, String> charts = new LinkedHashMap<>();
        List<Figure> bars = new ArrayList<>();
        for (Figure figure : measurement.figures) {
            var bySeries = new Chart(measurement, results).series(figure);
            long numbers = bySeries.values().stream()
                    .mapToLong(byN -> byN.size())
                    .max()
                    .orElse(0);
            if (numbers > 1) {
                charts.put(measurement.name + "-" + figure.name(), new Chart(measurement, results).curves(figure));
            } else if (numbers == 1 && bySeries.values().stream().allMatch(byN -> byN.firstKey() == 1)) {
                bars.add(figure);
            }
        }
        if (!bars.isEmpty()) {
            charts.put(measurement.name, new Chart(measurement, results).bars(bars));
        }
        return charts;
    }

    private Map<String, NavigableMap<Long, Sample>> series(Figure figure) {
        return results.values().getOrDefault(measurement.name, Map.of()).getOrDefault(figure.name(), Map.of());
    }

    /// The same for a series in all charts of a measurement; grey for what is compared with.
    private String colour(String series) {
        if (series.startsWith("C")) {
            return GREY;
        }
        List<String> others = measurement.series.stream()
                .map(Measurement.Series::name)
                .filter(name -> !name.startsWith("C"))
                .toList();
        return COLOURS.get(Math.max(0, others.indexOf(series)) % COLOURS.size());
    }

    /// A row of a chart of bars: a heading, or a bar.
    private record Row(String label, String series, double ratio, double low, double high, String value) {}

    private String bars(List<Figure> figures) {
        List<Row> rows = new ArrayList<>();
        double lowest = 1;
        double highest = 1;
        for (Figure figure : figures) {
            rows.add(new Row(figure.title(), "", 0, 0, 0, ""));
            for (Map.Entry<String, NavigableMap<Long, Sample>> entry :
                    series(figure).entrySet()) {
                Sample sample = entry.getValue().values().iterator().next();
                Sample against = results.get(measurement.name, figure.against()).get(1L);
                double ratio = against == null ? 1 : sample.ratioTo(against).value();
                double unit = sample.median() / ratio;
                rows.add(new Row(
                        entry.getKey(),
                        entry.getKey(),
                        ratio,
                        sample.lowest() / unit,
                        sample.highest() / unit,
                        figure.unit().format(sample.median())));
                lowest = Math.min(lowest, ratio);
                highest = Math.max(highest, ratio);
            }
        }
        List<Double> ticks = ticks(lowest * 0.8, highest * 1.1);
        var scale = new Scale(ticks.getFirst(), ticks.getLast(), LEFT, WIDTH - RIGHT);
        int top = 58;
        int height = top + rows.size() * ROW + 54;
        open(height, measurement.title);
        String better = figures.getFirst().unit().moreIsBetter ? "longer is better" : "shorter is better";
        text(WIDTH / 2.0, 42, "middle", GREY, "median; the thin line is from the lowest to the highest; " + better);
        int bottom = top + rows.size() * ROW + 4;
        for (double tick : ticks) {
            line(scale.at(tick), top, scale.at(tick), bottom, tick == 1 ? INK : FAINT);
            text(scale.at(tick), bottom + 16, "middle", INK, plain(tick) + " ×");
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 36, "middle", INK, "ratio to " + against(figures));
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double middle = top + i * ROW + ROW / 2.0;
            if (row.series.isEmpty()) {
                svg.append("<text x='12' y='%.1f' font-weight='600' fill='%s'>%s</text>%n"
                        .formatted(middle + 5, INK, escape(row.label)));
                continue;
            }
            text(LEFT - 10, middle + 4, "end", INK, row.label);
            double from = scale.at(scale.low);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x='%.1f' y='%.1f' width='%.1f' height='%d' fill='%s'/>%n",
                    from,
                    middle - 7,
                    scale.at(row.ratio) - from,
                    14,
                    colour(row.series)));
            line(scale.at(scale.within(row.low)), middle, scale.at(scale.within(row.high)), middle, "#000000");
            text(WIDTH - 100, middle + 4, "end", INK, row.value);
            text(WIDTH - 16, middle + 4, "end", INK, Unit.digits(row.ratio) + " ×");
        }
        return close();
    }

    private static String against(List<Figure> figures) {
        List<String> names = figures.stream()
                .map(figure -> figure.against().series())
                .distinct()
                .toList();
        return names.size() == 1 && names.getFirst().startsWith("C")
                ? names.getFirst()
                : "the one whose ratio is 1 in its group, or in the one above";
    }

    private String curves(Figure figure) {
        Map<String, NavigableMap<Long, Sample>> bySeries = series(figure);
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        long first = Long.MAX_VALUE;
        long last = 0;
        for (NavigableMap<Long, Sample> byN : bySeries.values()) {
            for (Map.Entry<Long, Sample> entry : byN.entrySet()) {
                first = Math.min(first, entry.getKey());
                last = Math.max(last, entry.getKey());
                lowest = Math.min(lowest, entry.getValue().median());
                highest = Math.max(highest, entry.getValue().median());
            }
        }
        List<Double> ticks = ticks(lowest, highest);
        int top = 58;
        var x = new Scale(first, last, 90, WIDTH - RIGHT);
        var y = new Scale(ticks.getFirst(), ticks.getLast(), top + CURVE_HEIGHT, top);
        open(top + CURVE_HEIGHT + 54, measurement.title + ": " + figure.title());
        text(
                WIDTH / 2.0,
                42,
                "middle",
                GREY,
                figure.unit().label + ", median; " + (figure.unit().moreIsBetter ? "higher" : "lower") + " is better");
        for (double tick : ticks) {
            line(x.from, y.at(tick), x.to, y.at(tick), FAINT);
            text(x.from - 8, y.at(tick) + 4, "end", INK, figure.unit().format(tick));
        }
        bySeries.values().stream()
                .flatMap(byN -> byN.keySet().stream())
                .distinct()
                .forEach(n -> {
                    line(x.at(n), top, x.at(n), top + CURVE_HEIGHT, FAINT);
                    text(x.at(n), top + CURVE_HEIGHT + 18, "middle", INK, String.format(Locale.ROOT, "%,d", n));
                });
        text((x.from + x.to) / 2, top + CURVE_HEIGHT + 40, "middle", INK, "N");
        double free = Double.MAX_VALUE;
        List<Map.Entry<String, NavigableMap<Long, Sample>>> fromBelow = bySeries.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> lastOf(entry.getValue())))
                .toList();
        for (Map.Entry<String, NavigableMap<Long, Sample>> entry : fromBelow) {
            String colour = colour(entry.getKey());
            var points = new StringBuilder();
            entry.getValue().forEach((n, sample) -> {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(n), y.at(sample.median())));
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx='%.1f' cy='%.1f' r='3.5' fill='%s'/>%n",
                        x.at(n),
                        y.at(sample.median()),
                        colour));
            });
            svg.append("<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n".formatted(points, colour));
            // Labels stand at the ends of the curves, one above the other.
            double wanted = y.at(lastOf(entry.getValue()));
            double at = Math.min(wanted, free);
            free = at - 30;
            text(x.to + 10, at, "start", colour, entry.getKey());
            text(x.to + 10, at + 14, "start", GREY, figure.unit().format(lastOf(entry.getValue())));
        }
        return close();
    }

    private static double lastOf(NavigableMap<Long, Sample> byN) {
        return byN.descendingMap().values().iterator().next().median();
    }

    /// Logarithmic.
    private record Scale(double low, double high, double from, double to) {
        double at(double value) {
            double span = Math.log(high / low);
            return span == 0 ? from : from + (to - from) * Math.log(value / low) / span;
        }

        double within(double value) {
            return Math.clamp(value, low, high);
        }
    }

    /// Powers of ten around, and what is between them if they are few.
    private static List<Double> ticks(double low, double high) {
        List<Double> steps =
                high / low > 200 ? List.of(1.0) : high / low > 12 ? List.of(1.0, 3.0) : List.of(1.0, 2.0, 5.0);
        List<Double> ticks = new ArrayList<>();
        double below = 0;
        for (int power = (int) Math.floor(Math.log10(low)) - 1; power < 13; power++) {
            for (double step : steps) {
                double tick = step * Math.pow(10, power);
                if (tick <= low) {
                    below = tick;
                } else {
                    ticks.add(tick);
                    if (tick >= high) {
                        ticks.addFirst(below);
                        return ticks;
                    }
                }
            }
        }
        throw new IllegalArgumentException(low + " to " + high);
    }

    private static String plain(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(Math.round(value * 1e6) / 1e6);
    }

    private void open(int height, String title) {
        svg.append("""
                <svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d' \
                font-family='system-ui, sans-serif' font-size='13'>
                <rect width='%1$d' height='%2$d' fill='#ffffff'/>
                <text x='%3$d' y='24' text-anchor='middle' font-size='16' font-weight='600' fill='%4$s'>%5$s</text>
                """.formatted(WIDTH, height, WIDTH / 2, INK, escape(title)));
    }

    private String close() {
        return svg.append("</svg>\n").toString();
    }

    private void text(double x, double y, String anchor, String colour, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x='%.1f' y='%.1f' text-anchor='%s' fill='%s'>%s</text>%n",
                x,
                y,
                anchor,
                colour,
                escape(text)));
    }

    private void line(double x1, double y1, double x2, double y2, String colour) {
        svg.append(String.format(
                Locale.ROOT, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>%n", x1, y1, x2, y2, colour));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
