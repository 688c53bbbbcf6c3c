package io.art2mus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundFiles;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.sndfile.SoundTag;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.ProvenanceTag;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code art2mus inspect} as a user meets it. */
class InspectTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    private Path sound = Path.of("/nonexistent");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeSoundAndRecord() {
        sound = folder.resolve("dusk.wav");
        write(sound, 1_600, "\u001b[2J\u009b1m\u202ekatze\nerror: none");
    }

    /** A tone with its record beside it, as generate leaves them. */
    private static void write(Path file, int samples, @Nullable String prompt) {
        try (Arena arena = Arena.ofConfined()) {
            Sound tone = Sound.allocate(arena, samples, 16_000);
            for (int i = 0; i < samples; i++) {
                tone.set(i, (float) (0.5 * Math.sin(i * 0.1)));
            }
            Provenance record = new Provenance(
                    Provenance.FORMAT,
                    new Provenance.Program("0.1.0", "25", Map.of("oneDNN", "3.13.0")),
                    new Provenance.Device("a processor", "bf16", 2),
                    new Provenance.Picture("dusk.png", "dusk.png", DIGEST, 99),
                    new Provenance.Settings(prompt, "Low quality.", "art2mus", 0.1, 7, "ddim", 20, 3.5, 2, 1, "-1.0dB"),
                    new Provenance.Checkpoint(
                            "mini", List.of(new Provenance.StoredFile("unet/weights", DIGEST, 5)), null, null),
                    Provenance.SoundRecord.of(file, SoundFormat.WAV_PCM16, tone),
                    List.of(0.5, 0.25),
                    Map.of("denoising", 1.5),
                    Instant.parse("2025-01-31T12:00:00Z"));
            String comment = ProvenanceTag.of(record).text();
            SoundFiles.write(file, tone, SoundFormat.WAV_PCM16, Map.of(SoundTag.COMMENT, comment));
            ProvenanceFile.write(ProvenanceFile.beside(file), record);
        }
    }

    private int inspect(Path file, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] arguments = new String[2 + options.length];
        arguments[0] = "inspect";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Art2Mus.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private List<String> doubts(Path file) {
        assertThat(inspect(file)).as(err.toString()).isZero();
        return out.toString()
                .lines()
                .filter(line -> line.startsWith("doubt  "))
                .map(line -> line.substring("doubt".length()).strip())
                .toList();
    }

    private void requireRefused(Path file, String message) {
        assertThat(inspect(file)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("error: " + file).contains(message);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void soundAndJsonGiveTheSameAlignedTable() {
        assertThat(doubts(sound)).isEmpty();
        String table = out.toString();
        assertThat(table.lines())
                .contains(
                        "made             2025-01-31T12:00:00Z by art2mus 0.1.0 on Java 25",
                        "device           a processor, bf16, 2 thread(s)",
                        "picture          dusk.png",
                        "                 SHA-256 " + DIGEST + ", 99 bytes",
                        "seed             7",
                        "sampler          ddim, 20 step(s), guidance 3.5",
                        "candidate        1 of 2",
                        "scores           0.5, 0.25",
                        "timings          denoising 1.500 s")
                .anySatisfy(line ->
                        assertThat(line).isEqualTo("sound            dusk.wav, wav 16, 1600 samples at 16000 Hz"));
        assertThat(inspect(ProvenanceFile.beside(sound))).isZero();
        assertThat(out).hasToString(table);
    }

    @Test
    void whatATerminalWouldObeyIsShownEscaped() throws IOException {
        inspect(sound);
        assertThat(out.toString().lines()).contains("prompt           \\u001b[2J\\u009b1m\\u202ekatze\\nerror: none");
        assertThat(inspect(sound, "--json")).isZero();
        assertThat(out.toString()).isASCII().doesNotContain("\u001b");
        Files.delete(ProvenanceFile.beside(sound));
        inspect(sound);
        assertThat(out.toString()).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
    }

    @Test
    void jsonHoldsRecordTagAndDoubts() throws IOException {
        assertThat(inspect(sound, "--json")).isZero();
        JsonNode all = new ObjectMapper().readTree(out.toString());
        assertThat(all.at("/provenance/settings/seed").asInt()).isEqualTo(7);
        assertThat(all.at("/tag/sampler").asText()).isEqualTo("ddim");
        assertThat(all.at("/tag/sound")).isEqualTo(all.at("/provenance/sound/sha256"));
        assertThat(all.path("doubts")).isEmpty();
    }

    @Test
    void tagAloneIsEnough() throws IOException {
        Files.delete(ProvenanceFile.beside(sound));
        assertThat(doubts(sound)).containsExactly("dusk.wav.json is not beside it");
        assertThat(out.toString()).contains("made             by art2mus 0.1.0 in bf16", "picture          SHA-256 ");
    }

    @Test
    void damagedJsonIsToldWhereTheTagIsLeft() throws IOException {
        Files.writeString(ProvenanceFile.beside(sound), "{}");
        assertThat(doubts(sound)).singleElement().asString().contains("dusk.wav.json: no provenance");
    }

    @Test
    void jsonAboutAnotherSoundIsToldApart() throws IOException {
        Path other = folder.resolve("dawn.wav");
        write(other, 1_500, null);
        Files.copy(ProvenanceFile.beside(other), ProvenanceFile.beside(sound), StandardCopyOption.REPLACE_EXISTING);
        assertThat(doubts(sound))
                .containsExactly(
                        "the JSON tells of dawn.wav, this is dusk.wav",
                        "the JSON tells of 1500 samples at 16000 Hz, the sound has 1600 at 16000 Hz in 1 channel(s)",
                        "the JSON is that of another sound: their samples have other SHA-256 sums");
    }

    @Test
    void jsonThatWasAlteredIsToldApartFromTheComment() throws IOException {
        Path beside = ProvenanceFile.beside(sound);
        Files.writeString(beside, Files.readString(beside).replace("\"seed\" : 7", "\"seed\" : 8"));
        assertThat(doubts(sound)).containsExactly("the JSON and the sound's own comment tell different things");
    }

    @Test
    void jsonWithoutItsSoundSaysSo() throws IOException {
        Files.delete(sound);
        assertThat(doubts(ProvenanceFile.beside(sound))).containsExactly("the sound dusk.wav is not beside it");
    }

    @Test
    void whatTellsNothingIsRefused() throws IOException {
        requireRefused(folder.resolve("none.wav"), "no such file; check its name");
        requireRefused(folder, "not a file");
        requireRefused(Files.writeString(folder.resolve("text.wav"), "a text"), "not a sound that libsndfile reads");
        requireRefused(
                Files.writeString(folder.resolve("other.json"), "{\"a\": 1}"), "no provenance: format is missing");
        try (Arena arena = Arena.ofConfined()) {
            Path bare = folder.resolve("bare.wav");
            SoundFiles.writeWav(bare, Sound.allocate(arena, 16, 16_000));
            requireRefused(bare, "carries no provenance, and bare.wav.json is not beside it; ");
        }
    }
}
