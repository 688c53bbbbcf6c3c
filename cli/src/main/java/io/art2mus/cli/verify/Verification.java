package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.audio.UnfinishedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a GPU. {@code --json} writes it under these names.
 *
 * @param version of art2mus
 * @param date when it began, as ISO 8601 writes it
 * @param before what the GPU did before anything of this ran; null without {@code nvidia-smi}
 * @param leftOut tests that could not run here
 * @param sanitizer what {@code compute-sanitizer} made of the same tests; null where it did not run
 * @param measurements null where tests failed, and where nothing was to be measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Verification(
        String version,
        String date,
        Machine machine,
        Gpu gpu,
        @Nullable GpuState before,
        List<LeftOut> leftOut,
        List<TestClassResult> tests,
        @Nullable Sanitizer sanitizer,
        @Nullable Measurements measurements) {

    /** Where the GPU is. */
    record Machine(String processor, int threads, String kernel, String java) {}

    /** Tests that need something that is not here: their tag and what is missing. */
    record LeftOut(String tag, String reason) {}

    /** Whether every test passed that could run, and there was one. */
    @JsonProperty
    boolean passed() {
        return passed(tests) && (sanitizer == null || sanitizer.passed());
    }

    /** Whether none of these failed, and one passed. */
    static boolean passed(List<TestClassResult> tests) {
        return tests.stream().anyMatch(test -> test.passed() > 0)
                && tests.stream().allMatch(test -> test.failures().isEmpty());
    }

    /** Writes the file beside its place and renames it. */
    void write(Path file) throws IOException {
        try (UnfinishedFile unfinished = UnfinishedFile.beside(file.toAbsolutePath())) {
            byte[] json = new ObjectMapper().writer(new DefaultPrettyPrinter()).writeValueAsBytes(this);
            Files.write(unfinished.path(), json);
            unfinished.finish();
        }
    }
}
