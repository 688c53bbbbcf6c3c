package io.art2mus.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.graph.Parameter;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What may become of an untrusted weight file: it is read whole, or refused in one line. */
final class WeightFuzzing {
    /** A name may be long, what is said about it is not. */
    private static final int LONGEST_MESSAGE = 1_500;

    private WeightFuzzing() {}

    /** Whether {@code bytes}, written to {@code file}, are taken for weights. */
    static boolean isRead(Path file, byte[] bytes) {
        try (WeightFile weights = WeightFile.open(SafetensorsBytes.write(file, bytes))) {
            weights.names().forEach(name -> touch(weights.parameter(name)));
            return true;
        } catch (WeightsException refused) {
            assertThat(refused).message().hasLineCount(1).hasSizeLessThan(LONGEST_MESSAGE);
            return false;
        }
    }

    /** Reads every byte, so that a span outside the file would show. */
    private static void touch(Parameter parameter) {
        long size = parameter.data().byteSize();
        long sum = 0;
        for (long at = 0; at < size; at++) {
            sum += parameter.data().get(ValueLayout.JAVA_BYTE, at);
        }
        assertThat(Math.abs(sum)).isLessThanOrEqualTo(128 * size);
    }
}
