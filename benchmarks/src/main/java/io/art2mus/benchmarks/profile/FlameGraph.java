package io.art2mus.benchmarks.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Time within time as boxes within boxes: a box is as wide as all that happened in it, and stands on the one it happened in.
 *
 * @see <a href="https://queue.acm.org/detail.cfm?id=2927301">Gregg 2016, The Flame Graph</a>
 */
final class FlameGraph {
    private static final int WIDTH = 1600;
    private static final int ROW = 18;
    private static final double LETTER = 6.6;
    private static final double NARROWEST = 0.4;

    private final Box root = new Box("all");

    /** Frames, the outermost first, and the nanoseconds spent in the innermost. */
    record Stack(List<String> frames, long nanoseconds) {}

    private static final class Box {
        private final String name;
        private final Map<String, Box> inner = new LinkedHashMap<>();
        private long nanoseconds;

        Box(String name) {
            this.name = name;
        }

        int height() {
            return 1 + inner.values().stream().mapToInt(Box::height).max().orElse(0);
        }
    }

    private FlameGraph() {}

    static FlameGraph of(List<Stack> stacks) {
        FlameGraph graph = new FlameGraph();
        for (Stack stack : stacks) {
            Box box = graph.root;
            box.nanoseconds += stack.nanoseconds();
            for (String frame : stack.frames()) {
                box = box.inner.computeIfAbsent(frame, Box::new);
                box.nanoseconds += stack.nanoseconds();
            }
        }
        return graph;
    }

    /** A picture that explains a box where the pointer rests on it. */
    String svg() {
        int height = ROW * root.height();
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"monospace\""
                        + " font-size=\"11\">%n",
                WIDTH,
                height));
        if (root.nanoseconds > 0) {
            draw(svg, root, 0, height - ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Box box, double x, int y) {
        double width = (double) WIDTH * box.nanoseconds / root.nanoseconds;
        if (width < NARROWEST) {
            return;
        }
        String name = escaped(box.name);
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s: %.3f ms, %.1f %%</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\""
                        + " fill=\"hsl(%d,75%%,68%%)\" stroke=\"white\"/>",
                name,
                box.nanoseconds / 1e6,
                100.0 * box.nanoseconds / root.nanoseconds,
                x,
                y,
                width,
                ROW,
                Math.floorMod(box.name.hashCode(), 60)));
        if (width > LETTER * (box.name.length() + 1)) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%.2f\" y=\"%d\">%s</text>", x + 3, y + 13, name));
        }
        svg.append("</g>\n");
        double left = x;
        for (Box inner : box.inner.values()) {
            draw(svg, inner, left, y - ROW);
            left += (double) WIDTH * inner.nanoseconds / root.nanoseconds;
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
