package io.github.libvirt4j.it.soak;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// All that was seen: as JSON, and as a chart with a panel for each series.
///
/// @param loop which event loop
/// @param before with nothing open, after the first round
/// @param after with nothing open, at the end
/// @param wrong what is not as it should be
record Report(
        String loop,
        String libvirt,
        List<Sample> samples,
        @Nullable Sample before,
        @Nullable Sample after,
        List<String> wrong) {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 120;
    private static final int LEFT = 60;
    private static final int TOP = 40;

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(loop + ".json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(this));
        Files.writeString(folder.resolve(loop + ".svg"), chart());
    }

    private String chart() {
        List<Series> all = Series.ALL;
        int rows = (all.size() + 1) / 2;
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d' "
                        + "font-family='system-ui, sans-serif' font-size='12'>%n"
                        + "<rect width='%1$d' height='%2$d' fill='#ffffff'/>%n"
                        + "<text x='12' y='22' font-size='15' font-weight='600'>Everything at once, on %3$s loop, "
                        + "libvirt %4$s</text>%n",
                2 * (WIDTH + LEFT) + 20,
                rows * (HEIGHT + TOP) + 60,
                loop.equals("epoll") ? "the library's" : "libvirt's own",
                libvirt));
        for (int i = 0; i < all.size(); i++) {
            panel(svg, all.get(i), LEFT + i % 2 * (WIDTH + LEFT), 60 + i / 2 * (HEIGHT + TOP));
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(StringBuilder svg, Series series, int x, int y) {
        double seconds = samples.isEmpty() ? 1 : Math.max(1, samples.getLast().seconds());
        double highest =
                Math.max(1, samples.stream().mapToDouble(series.value()).max().orElse(1));
        svg.append(String.format(
                Locale.ROOT, "<text x='%d' y='%d' font-weight='600'>%s</text>%n", x, y - 8, series.title()));
        for (int half = 0; half <= 2; half++) {
            double at = y + HEIGHT - HEIGHT * half / 2.0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1='%1$d' x2='%2$d' y1='%3$.1f' y2='%3$.1f' stroke='#d0d7de'/>"
                            + "<text x='%4$d' y='%5$.1f' text-anchor='end'>%6$.1f</text>%n",
                    x,
                    x + WIDTH,
                    at,
                    x - 6,
                    at + 4,
                    highest * half / 2));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x='%d' y='%d' text-anchor='end'>%.1f min</text>%n",
                x + WIDTH,
                y + HEIGHT + 15,
                seconds / 60));
        svg.append("<polyline fill='none' stroke='#0969da' stroke-width='1.5' points='");
        for (Sample sample : samples) {
            svg.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x + WIDTH * sample.seconds() / seconds,
                    y + HEIGHT - HEIGHT * series.value().applyAsDouble(sample) / highest));
        }
        svg.append("'/>\n");
    }
}
