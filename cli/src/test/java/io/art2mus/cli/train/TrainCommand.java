package io.art2mus.cli.train;

import io.art2mus.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code art2mus train} on the first of the sample pairs, whose recordings are short.
 *
 * @param folder of the trainings
 * @param table of the pairs
 * @param options of all of them
 */
record TrainCommand(Path folder, Path table, List<String> options) {
    private static final String PAIRS = "../samples/pairs";

    /** Writes a table of so many pairs. */
    static TrainCommand of(Path folder, int pairs, String... options) throws IOException {
        String rows = IntStream.range(0, pairs)
                .mapToObj(pair -> "%1$02d.jpg,%1$02d.flac\n".formatted(pair))
                .collect(Collectors.joining());
        return new TrainCommand(
                folder, Files.writeString(folder.resolve("pairs.csv"), "image,audio\n" + rows), List.of(options));
    }

    /** Trains in {@code place}, with more options. */
    Ran run(String place, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--pairs", table.toString(), "--images", PAIRS));
        arguments.addAll(List.of("--audio", PAIRS, "--clip-start", "0", "--no-cache"));
        arguments.addAll(List.of("--accumulate", "2", "--lr", "1e-3", "--warmup", "2"));
        arguments.addAll(List.of("-o", folder.resolve(place).toString()));
        arguments.addAll(options);
        arguments.addAll(Arrays.asList(more));
        return Ran.with(arguments.toArray(String[]::new));
    }
}
