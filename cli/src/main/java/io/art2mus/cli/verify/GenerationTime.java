package io.art2mus.cli.verify;

import io.art2mus.backend.PlanMemory;
import io.art2mus.backend.cuda.CudaBackend;
import io.art2mus.cli.generate.StageTimes;
import io.art2mus.diffusion.SamplerKind;
import io.art2mus.pipeline.Checkpoint;
import io.art2mus.pipeline.ImageToMusic;
import io.art2mus.pipeline.Progress;
import io.art2mus.pipeline.Take;
import io.art2mus.pipeline.TakeListener;
import io.art2mus.pipeline.Variant;
import io.art2mus.pipeline.Wish;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * How long a whole sound takes, from a text; every part is opened and closed on the way.
 *
 * @param sound seconds of it
 * @param seconds of each stage, in order
 * @param deviceBytes the most of the GPU's memory that was in use at the beginning or end of a stage, beyond what was before
 */
record GenerationTime(double sound, int steps, Map<String, Double> seconds, long deviceBytes) {
    private static final String TEXT = "a slow melancholic piece for piano, gentle texture";

    /** Makes a sound of so many seconds twice, and times the second: the first may compile kernels and compare algorithms. */
    static GenerationTime measure(CudaBackend backend, Checkpoint checkpoint, double sound, int steps) {
        Wish wish = new Wish(
                TEXT,
                Wish.PUBLISHED_NEGATIVE_PROMPT,
                Variant.AUDIOLDM2,
                sound,
                0,
                SamplerKind.DDIM,
                steps,
                Wish.PUBLISHED_GUIDANCE,
                1);
        int threads = Runtime.getRuntime().availableProcessors();
        Watch watch = new Watch(backend::freeBytes);
        for (int i = 0; i < 2; i++) {
            watch = new Watch(backend::freeBytes);
            // Without a cache of texts: whoever asks for a sound mostly asks for a new one.
            new ImageToMusic(backend, checkpoint, threads, null, watch).generate(wish, List.of(), new Discarded());
        }
        return new GenerationTime(sound, steps, watch.times.seconds(), watch.most);
    }

    /** All stages together. */
    double total() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f s of sound in %d steps: %.3f s, %.2f GB of the GPU's memory%n  %s",
                sound,
                steps,
                total(),
                deviceBytes / 1e9,
                seconds.entrySet().stream()
                        .map(stage -> String.format(Locale.ROOT, "%s %.3f", stage.getKey(), stage.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    /** Notes times and memory. */
    private static final class Watch implements Progress {
        private final StageTimes times = new StageTimes();
        private final LongSupplier freeBytes;
        private final long before;
        private long most;

        Watch(LongSupplier freeBytes) {
            this.freeBytes = freeBytes;
            before = freeBytes.getAsLong();
        }

        @Override
        public void begin(Stage stage) {
            look();
            times.begin(stage);
        }

        @Override
        public void end() {
            times.end();
            look();
        }

        @Override
        public void compiled(String part, PlanMemory memory) {
            look();
        }

        private void look() {
            most = Math.max(most, before - freeBytes.getAsLong());
        }
    }

    /** Sounds are not kept. */
    private static final class Discarded implements TakeListener {
        @Override
        public void made(Take take) {}

        @Override
        public void failed(Path picture, RuntimeException failure) {
            throw failure;
        }
    }
}
