package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundFiles;
import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.cpu.CpuBackend;
import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.Graph;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.pipeline.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a checkpoint of random weights, which makes latents as fast as silence; the sample pairs with the trained one. */
class TrainingDataTest {
    private static final Checkpoint TINY = new Checkpoint(Golden.resource("tiny-audioldm2"));
    private static final Path PAIRS = Golden.sample("pairs");

    @TempDir
    private Path folder;

    private UserCache cache = UserCache.at(Path.of("unset"));
    private final Told told = new Told();

    /** What a listener was told. */
    private static final class Told implements DataListener {
        private final List<String> lines = new ArrayList<>();
        private final Map<Stage, Integer> done = new LinkedHashMap<>();

        @Override
        public void prepared(Stage stage, int files, int all) {
            done.put(stage, files);
        }

        @Override
        public void skipped(Skipped skipped) {
            lines.add(skipped.reason());
        }

        @Override
        public void warn(String message) {
            lines.add(message);
        }
    }

    /** A backend that must not be asked. */
    private static final class NoBackend implements Backend {
        @Override
        public String name() {
            return "cpu f32";
        }

        @Override
        public Plan compile(Graph graph, Map<String, DeviceBuffer> bound) {
            throw new AssertionError("latents are in the cache");
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void link() throws IOException {
        cache = UserCache.at(folder.resolve("cache"));
        for (String name : new String[] {"00.jpg", "01.jpg", "00.flac", "01.flac"}) {
            Files.copy(PAIRS.resolve(name), folder.resolve(name));
        }
    }

    private DataSource source(String... rows) throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "image,audio\n" + String.join("\n", rows) + "\n");
        return new DataSource(table, folder, folder, List.of(), 0);
    }

    private TrainingData prepare(DataSource source, @Nullable UserCache kept) {
        try (CpuBackend backend = CpuBackend.open(2, Precision.F32)) {
            return TrainingData.prepare(source, TINY, backend, 2, 1, kept, told);
        }
    }

    private TrainingData prepare(String... rows) throws IOException {
        return prepare(source(rows), cache);
    }

    private static List<float[]> values(TrainingData data) {
        return IntStream.range(0, data.training().size())
                .mapToObj(i -> data.training().get(i))
                .flatMap(item -> Stream.of(item.embedding(), item.moments()))
                .map(tensor -> tensor.data().toArray(ValueLayout.JAVA_FLOAT))
                .toList();
    }

    @Test
    void samplePairsAreFourteenToLearnFromAndFourToValidate() {
        DataSource source = new DataSource(PAIRS.resolve("pairs.csv"), PAIRS, PAIRS, List.of(), 0);
        try (CpuBackend backend = CpuBackend.open(2, Precision.F32);
                TrainingData data =
                        TrainingData.prepare(source, new Checkpoint(Golden.mini()), backend, 2, 0, cache, told)) {
            assertThat(data.training().size()).isEqualTo(14);
            assertThat(data.validation().size()).isEqualTo(4);
            assertThat(data.testPairs()).isEqualTo(4);
            assertThat(data.embeddingWidth()).isEqualTo(128);
            assertThat(data.latentShape()).isEqualTo(Shape.of(1, 128, 8, 16));
            assertThat(told.lines).isEmpty();
            assertThat(told.done).containsValues(18, 18);
            assertThat(deviation(data)).isBetween(0.8, 1.2);
        }
    }

    /** The scaling factor was chosen so that latents have unit variance. */
    private static double deviation(TrainingData data) {
        double squares = 0;
        long count = 0;
        for (int i = 0; i < data.training().size(); i++) {
            Item item = data.training().get(i);
            try (Arena arena = Arena.ofConfined()) {
                HostTensor zero = HostTensor.allocate(arena, data.latentShape());
                HostTensor latents = HostTensor.allocate(arena, data.latentShape());
                item.sample(zero, latents);
                for (long j = 0; j < latents.shape().elements(); j++) {
                    squares += latents.get(j) * latents.get(j);
                    count++;
                }
            }
        }
        double deviation = Math.sqrt(squares / count);
        System.out.printf("latents' deviation: %.3f%n", deviation);
        return deviation;
    }

    @Test
    void secondPreparationReadsTheSameFromTheCacheAlone() throws IOException {
        try (TrainingData first = prepare("00.jpg,00.flac", "01.jpg,01.flac");
                TrainingData second = TrainingData.prepare(
                        source("00.jpg,00.flac", "01.jpg,01.flac"), TINY, new NoBackend(), 2, 1, cache, told)) {
            assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(first));
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    @Test
    void withoutACacheTheValuesAreTheSame() throws IOException {
        try (TrainingData first = prepare("00.jpg,00.flac", "01.jpg,01.flac");
                TrainingData second = prepare(source("00.jpg,00.flac", "01.jpg,01.flac"), null)) {
            assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(first));
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    @Test
    void clearedCacheIsFilledAgainWithTheSame() throws IOException {
        try (TrainingData first = prepare("00.jpg,00.flac")) {
            assertThat(cache.clear(EnumSet.of(CacheKind.LATENTS)).entries()).isEqualTo(1);
            try (TrainingData second = prepare("00.jpg,00.flac")) {
                assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(first));
            }
        }
        assertThat(cache.usage().get(CacheKind.LATENTS)).isNotNull();
    }

    @Test
    void whateverIsLearnedFromIsInTheDigest() throws IOException {
        List<String> digests = new ArrayList<>();
        DataSource one = source("00.jpg,00.flac");
        digests.add(digest(one));
        digests.add(digest(new DataSource(one.pairs(), folder, folder, List.of(), 0.1)));
        digests.add(digest(source("00.jpg,01.flac")));
        digests.add(digest(source("01.jpg,00.flac")));
        digests.add(digest(source("00.jpg,00.flac", "01.jpg,01.flac")));

        assertThat(digests).doesNotHaveDuplicates();
    }

    private String digest(DataSource source) {
        try (TrainingData data = prepare(source, cache)) {
            return data.digest();
        }
    }

    @Test
    void unusableFilesAreToldCountedAndSkipped() throws IOException {
        Files.writeString(folder.resolve("text.flac"), "no sound");
        Files.writeString(folder.resolve("text.jpg"), "no picture");
        byte[] whole = Files.readAllBytes(folder.resolve("01.flac"));
        Files.write(folder.resolve("cut.flac"), Arrays.copyOf(whole, whole.length / 2));
        try (Arena arena = Arena.ofConfined()) {
            SoundFiles.writeWav(folder.resolve("silent.wav"), Sound.allocate(arena, 40_000, 8_000));
        }
        DataSource source = source(
                "00.jpg,00.flac",
                "01.jpg,text.flac",
                "text.jpg,01.flac",
                "01.jpg,gone.flac",
                "gone.jpg,00.flac",
                "01.jpg,silent.wav",
                "00.jpg,cut.flac",
                "00.jpg,00.flac");

        try (TrainingData data = prepare(source, cache)) {
            Split split = Split.of(PairTable.read(source.pairs()).pairs(), 1);
            int usable = data.training().size() + data.validation().size();
            assertThat(data.skippedPairs()).isEqualTo(7 - usable).isGreaterThanOrEqualTo(5);
            assertThat(data.training().size()).isLessThan(split.training().size());
            assertThat(data.skipped())
                    .extracting(Skipped::file)
                    .contains(folder.resolve("gone.jpg"), folder.resolve("silent.wav"));
            assertThat(told.lines)
                    .hasSize(1 + data.skipped().size())
                    .allSatisfy(line -> assertThat(line).hasLineCount(1).contains(folder.toString()));
            assertThat(told.lines).first().asString().contains("rows left out because they repeat an earlier pair: 1");
        }
    }

    @Test
    void nothingToLearnFromIsAnErrorThatNamesTheFirstFile() throws IOException {
        DataSource source = source("gone.jpg,00.flac");

        assertThatThrownBy(() -> prepare(source, cache))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t.csv: none of the 1 pairs to learn from can be used, first: ")
                .hasMessageContaining("gone.jpg does not exist");
    }

    @Test
    void embeddingsOfFilesAreTakenAndOthersComputed() throws IOException {
        Path file = VectorFile.write(
                folder.resolve("e.safetensors"), Map.of("x/imagesf2/none.jpg", Shape.of(64)), (_, i) -> i);
        DataSource source = source("none.jpg,00.flac", "00.jpg,01.flac");
        DataSource embedded = new DataSource(source.pairs(), folder, folder, List.of(file), 0);

        try (TrainingData data = prepare(embedded, cache)) {
            assertThat(data.training().size()).isEqualTo(2);
            assertThat(data.training().get(0).embedding().get(63)).isEqualTo(63);
            assertThat(data.embeddingWidth()).isEqualTo(64);
        }
    }

    @Test
    void embeddingsOfAnotherWidthAreRefused() throws IOException {
        Path file = VectorFile.write(folder.resolve("e.safetensors"), Map.of("none.jpg", Shape.of(63)), (_, i) -> i);
        DataSource source = source("none.jpg,00.flac", "00.jpg,01.flac");
        DataSource embedded = new DataSource(source.pairs(), folder, folder, List.of(file), 0);

        assertThatThrownBy(() -> prepare(embedded, cache))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the embedding of 00.jpg has 64 values, others have 63");
    }

    @Test
    void embeddingThatHoldsNaNIsSkipped() throws IOException {
        Path file = VectorFile.write(
                folder.resolve("e.safetensors"), Map.of("none.jpg", Shape.of(64)), (_, i) -> i == 5 ? Float.NaN : i);
        DataSource source = source("none.jpg,00.flac", "00.jpg,01.flac");
        DataSource embedded = new DataSource(source.pairs(), folder, folder, List.of(file), 0);

        try (TrainingData data = prepare(embedded, cache)) {
            assertThat(data.training().size()).isEqualTo(1);
            assertThat(told.lines).containsExactly(file + ": the embedding of none.jpg holds NaN; compute it again");
        }
    }

    @Test
    void publishedPlacesAreFoundBelowTheFolders() throws IOException {
        try (TrainingData data =
                prepare("imagesf2/00.jpg,fma-dataset-100k-music-wav-files/fma_large/01.flac", "00.jpg,00.flac")) {
            assertThat(data.training().size()).isEqualTo(2);
        }
    }

    @Test
    void styleOfOnePairIsToldAndLearnedFrom() throws IOException {
        Path table = Files.writeString(
                folder.resolve("t.csv"),
                "image,audio,style\n00.jpg,00.flac,s\n01.jpg,01.flac,s\n01.jpg,00.flac,lone\n");

        try (TrainingData data = prepare(new DataSource(table, folder, folder, List.of(), 0), cache)) {
            assertThat(told.lines)
                    .containsExactly(table + ": style lone has one pair, which is learned from and not tested with");
            assertThat(data.training().size()).isEqualTo(2);
            assertThat(data.validation().size()).isEqualTo(1);
        }
    }

    @Test
    void negativeClipStartIsRefused() {
        assertThatThrownBy(() -> new DataSource(folder, folder, folder, List.of(), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
