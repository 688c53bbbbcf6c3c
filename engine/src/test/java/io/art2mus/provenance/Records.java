package io.art2mus.provenance;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Provenance that tests begin from. */
final class Records {
    static final String DIGEST = "0123456789abcdef".repeat(4);

    private Records() {}

    /** Of a picture with a prompt, second of two candidates. */
    static Provenance withPrompt(@Nullable String prompt) {
        Map<String, String> libraries = new LinkedHashMap<>();
        libraries.put("oneDNN", "3.13.0");
        libraries.put("ONNX Runtime", "1.28.0");
        Map<String, Double> timings = new LinkedHashMap<>();
        timings.put("picture", 0.25);
        timings.put("denoising", 1.5);
        return new Provenance(
                Provenance.FORMAT,
                new Provenance.Program("0.1.0", "25.0.3+9-LTS", libraries),
                new Provenance.Device("a processor, AVX512-BF16", "f32", 2),
                new Provenance.Picture("dusk.png", "pictures/dusk.png", DIGEST, 12_345),
                new Provenance.Settings(
                        prompt, "Low quality.", "art2mus", 10.24, 4_294_967_295L, "ddim", 200, 3.5, 2, 2, "-1.0dB"),
                new Provenance.Checkpoint(
                        "mini",
                        List.of(new Provenance.StoredFile("unet/diffusion_pytorch_model.safetensors", DIGEST, 99)),
                        null,
                        new Provenance.StoredFile("imagebind_huge.pth", DIGEST, 4_800_000_000L)),
                new Provenance.SoundRecord("dusk.wav", "wav", "16", 16_000, 163_840, 10.24, 0.891, 0.2, DIGEST),
                List.of(0.25, 0.5),
                timings,
                Instant.parse("2025-01-31T12:00:00.5Z"));
    }
}
