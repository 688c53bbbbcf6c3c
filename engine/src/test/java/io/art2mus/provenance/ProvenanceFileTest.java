package io.art2mus.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands beside a sound, and what is refused in its place. */
class ProvenanceFileTest {
    @TempDir
    private Path folder;

    private final Provenance made = Records.withPrompt("Klänge\n\u001b[31m 🎨");

    @Test
    void whatWasWrittenIsRead() {
        Path file = ProvenanceFile.beside(folder.resolve("dusk.wav"));
        assertThat(file).hasFileName("dusk.wav.json");
        ProvenanceFile.write(file, made);
        assertThat(ProvenanceFile.read(file)).isEqualTo(made);
        assertThat(ProvenanceFile.toBytes(ProvenanceFile.read(file))).isEqualTo(ProvenanceFile.toBytes(made));
        assertThat(folder).isDirectoryContaining("glob:**dusk.wav.json").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void keysAreInSnakeCaseInTheOrderOfTheRecordAndNullIsLeftOut() {
        String text = text(made);
        assertThat(text)
                .startsWith("{\n  \"format\" : 1,\n  \"program\" : {\n    \"version\" : \"0.1.0\",")
                .contains("\"negative_prompt\" : \"Low quality.\"", "\"seed\" : 4294967295", "\"bit_depth\" : \"16\"")
                .contains("\"made\" : \"2025-01-31T12:00:00.500Z\"")
                .doesNotContain("null", "\u001b")
                .endsWith("}\n");
        assertThat(List.of("program", "device", "picture", "settings", "checkpoint", "sound", "scores", "timings"))
                .map(key -> text.indexOf("  \"" + key + "\" : "))
                .isSorted()
                .doesNotContain(-1);
        assertThat(text.indexOf("\"denoising\"")).isGreaterThan(text.indexOf("\"picture\" : 0.25"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "steps" : 200           | "steps" : 0              | settings: steps is 0, expected 1 to 1000
            "steps" : 200           | "steps" : 2.5            | settings.steps is missing, or no whole number
            "steps" : 200           | "steps" : "200"          | settings.steps is missing, or no whole number
            "steps" : 200           | "steps" : 99999999999    | settings.steps: Numeric value
            "steps" : 200,          |                          | settings.steps is missing, or no whole number
            "steps" : 200           | "steps" : 200, "more": 1 | settings.more is unknown
            "steps" : 200           | "steps" : 200, "steps": 2 | settings: Duplicate field 'steps'
            "guidance" : 3.5        | "guidance" : 1e999       | settings: guidance is Infinity
            "guidance" : 3.5        | "guidance" : "NaN"       | settings
            "guidance" : 3.5        | "guidance" : NaN         | settings: Non-standard token 'NaN'
            "seed" : 4294967295     | "seed" : 4294967296      | settings: seed is 4294967296
            "seed" : 4294967295     | "seed" : -1              | settings: seed is -1
            "candidate" : 2         | "candidate" : 3          | settings: candidate is 3, expected 1 to 2
            "sampler" : "ddim"      | "sampler" : "magic"      | settings: sampler is magic
            "negative_prompt" : "Low quality." | "negative_prompt" : 7 | settings.negative_prompt is missing, or no text
            "variant" : "art2mus"   | "variant" : "audioldm2"  | audioldm2 if and only if there is no picture
            "threads" : 2           | "threads" : 0            | device: threads is 0, expected 1 to 1024
            "name" : "dusk.png"     | "name" : "../dusk.png"   | picture: name is ../dusk.png, expected a path that stays
            "name" : "dusk.png"     | "name" : "a/dusk.png"    | picture: name is a/dusk.png, expected a file's name
            pictures/dusk.png       | /etc/passwd              | picture: path is /etc/passwd, expected a path that stays
            pictures/dusk.png       | a/../../dusk.png         | picture: path is a/../../dusk.png, expected a path
            unet/diffusion          | ../diffusion             | checkpoint.files.[0]: path is ../diffusion
            "folder" : "mini"       | "folder" : ".."          | checkpoint: folder is .., expected a path that stays
            "bit_depth" : "16"      | "bit_depth" : "17"       | sound: bit_depth is 17, expected 16, 24, float
            "samples" : 163840      | "samples" : -1           | sound: samples is -1, expected at least 1
            0.25, 0.5               | 0.25                     | scores is 1, expected one a candidate
            0.25, 0.5               | 0.25, null               | no provenance
            "denoising" : 1.5       | "denoising" : -1         | timings.denoising is -1.0
            "denoising" : 1.5       | "denoising" : null       | timings.denoising is missing
            2025-01-31T             | yesterday                | made is missing, or no time such as 2025-01-31T12:00:00Z
            "format" : 1            | "format" : 2             | format is 2, expected 1, the only one
            """)
    void whatNoRunCanHaveWrittenIsRefused(String written, String altered, String message) throws IOException {
        String text = text(made);
        assertThat(text).contains(written);
        requireRefused(text.replace(written, altered == null ? "" : altered), message);
    }

    @Test
    void whatIsNotOneObjectIsRefused() throws IOException {
        requireRefused("", "no provenance");
        requireRefused("null", "no JSON object");
        requireRefused("[]", "no provenance");
        requireRefused(text(made) + "{}", "no provenance: Trailing token");
        requireRefused(text(made).substring(0, 500), "Unexpected end-of-input");
        requireRefused("[".repeat(100_000), "no provenance");
        requireRefused("{\"format\":1,\"program\":" + "{\"a\":".repeat(100_000), "depth");
    }

    @Test
    void whatCannotBeReadSaysWhy() throws IOException {
        assertThatThrownBy(() -> ProvenanceFile.read(folder.resolve("none.json")))
                .isInstanceOf(ProvenanceException.class)
                .hasMessage(folder.resolve("none.json") + ": no such file; check its name");
        assertThatThrownBy(() -> ProvenanceFile.read(folder)).hasMessageContaining("not a file");
        Path latin = Files.write(folder.resolve("latin.json"), "\"Klänge\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ProvenanceFile.read(latin)).hasMessageContaining("no UTF-8 text");
        Path long_ = Files.write(folder.resolve("long.json"), new byte[(4 << 20) + 1]);
        assertThatThrownBy(() -> ProvenanceFile.read(long_)).hasMessageContaining("longer than 4194304 bytes");
    }

    @Test
    void whatAFileSaysOfItselfIsEscapedInTheMessage() throws IOException {
        requireRefused(
                text(made).replace("\"art2mus\"", "\"\\u001b[2Jclear\\nerror: \\u202e\""),
                "variant is \\u001b[2Jclear\\nerror: \\u202e, expected");
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        assertThatThrownBy(() -> ProvenanceFile.write(folder.resolve("none/dusk.wav.json"), made))
                .isInstanceOf(ProvenanceException.class)
                .hasMessageStartingWith(folder.resolve("none/dusk.wav.json") + ": cannot be written (")
                .hasMessageEndingWith("; check the folder's permissions and the free space");
    }

    @Test
    void aPictureIsNamedByItsPathOnlyBelowTheRecord() throws IOException {
        Path records = Files.createDirectories(folder.resolve("records"));
        Path inside =
                Files.createFile(Files.createDirectories(records.resolve("a b")).resolve("ä.png"));
        Path outside = Files.createFile(folder.resolve("outside.png"));
        Path link = Files.createSymbolicLink(records.resolve("link.png"), outside);
        FileDigest digest = new FileDigest(Records.DIGEST, 1);
        assertThat(Provenance.Picture.of(inside, digest, records).path()).isEqualTo("a b/ä.png");
        assertThat(Provenance.Picture.of(outside, digest, records).path()).isNull();
        assertThat(Provenance.Picture.of(link, digest, records).path()).isNull();
        assertThat(Provenance.Picture.of(link, digest, records).name()).isEqualTo("link.png");
    }

    private static String text(Provenance provenance) {
        return new String(ProvenanceFile.toBytes(provenance), StandardCharsets.UTF_8);
    }

    private void requireRefused(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("refused.json"), text);
        assertThatThrownBy(() -> ProvenanceFile.read(file))
                .isInstanceOf(ProvenanceException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("\n", "\u001b")
                .hasMessageEndingWith("; give the JSON that art2mus wrote beside a sound");
    }
}
