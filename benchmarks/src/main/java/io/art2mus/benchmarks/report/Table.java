package io.art2mus.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Measurements as aligned lines. */
public final class Table {
    private static final List<String> HEADINGS = List.of(
            "benchmark", "calls", "first", "p50", "p90", "p99", "GFLOP", "GFLOP/s", "GB/s", "floor", "of ceiling");

    private Table() {}

    /** One line a measurement below one of headings. */
    public static String of(List<Measurement> measurements) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        measurements.forEach(measurement -> rows.add(row(measurement)));
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < HEADINGS.size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static List<String> row(Measurement measured) {
        String name = measured.perCall() == 1 ? measured.name() : measured.name() + " × " + measured.perCall();
        return List.of(
                name,
                Long.toString(measured.calls()),
                time(measured.first()),
                time(measured.p50()),
                time(measured.p90()),
                time(measured.p99()),
                measured.work().operations() == 0 ? "-" : number(measured.work().operations() / 1e9),
                number(measured.gigaflops()),
                number(measured.gigabytes()),
                measured.ceilingShare().isPresent() ? time(measured.floor().orElseThrow()) : "-",
                measured.ceilingShare().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%.0f %%",
                                100 * measured.ceilingShare().orElseThrow())
                        : "-");
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String gap = " ".repeat(widths.get(column) - cell.length());
            line.append(column == 0 ? cell + gap : "  " + gap + cell);
        }
        return line.append(System.lineSeparator()).toString();
    }

    /** Three digits in the unit that fits. */
    static String time(double seconds) {
        if (seconds >= 1) {
            return number(seconds) + " s";
        }
        return seconds >= 1e-3 ? number(seconds * 1e3) + " ms" : number(seconds * 1e6) + " µs";
    }

    private static String number(OptionalDouble number) {
        return number.isPresent() ? number(number.getAsDouble()) : "-";
    }

    private static String number(double number) {
        int decimals = number < 10 ? 2 : number < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }
}
