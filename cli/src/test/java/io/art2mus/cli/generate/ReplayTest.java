package io.art2mus.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.cli.Ran;
import io.art2mus.provenance.ProvenanceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code art2mus replay}. */
class ReplayTest {
    @TempDir
    private Path folder;

    private Path sound;
    private Path record;

    @BeforeEach
    void makeASound() throws IOException {
        Files.copy(Path.of("../samples/dusk.png"), folder.resolve("dusk.png"));
        sound = folder.resolve("dusk.wav");
        record = ProvenanceFile.beside(sound);
        Ran made = Ran.with(
                "generate",
                in("dusk.png"),
                "-o",
                sound.toString(),
                "--seconds",
                "0.5",
                "--steps",
                "2",
                "--candidates",
                "2",
                "--precision",
                "f32");
        assertThat(made.status()).as(made.err()).isZero();
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void change(UnaryOperator<String> how) throws IOException {
        String before = Files.readString(record);
        String after = how.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(record, after);
    }

    private void requireRefused(String message, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "replay";
        arguments[1] = record.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        Ran ran = Ran.with(arguments);
        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lastLine()).startsWith("error: ").contains(message);
    }

    @Test
    void comesOutBitForBit() {
        Ran ran = Ran.with("replay", sound.toString(), "-o", in("again.wav"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("identical: every sample is what it was (SHA-256 ");
        assertThat(folder.resolve("again.wav")).exists();
    }

    @Test
    void onAnotherMachineTheRelativeErrorIsTold() throws IOException {
        change(text -> text.replaceAll("\"name\" : \"[^\"]*, ", "\"name\" : \"another processor, ")
                .replaceFirst("(\"seed\" : )\\d+", "$11"));
        Ran ran = Ran.with("replay", sound.toString());
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("not identical").contains("relative error");
    }

    @Test
    void onTheSameMachineADifferenceIsAFailure() throws IOException {
        change(text -> text.replaceFirst("(\"seed\" : )\\d+", "$11"));
        Ran ran = Ran.with("replay", sound.toString());
        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).startsWith("different, though made on the same machine");
    }

    @Test
    void anotherPictureIsRefused() throws IOException {
        requireRefused("made of another picture than", "--picture", "../samples/sea.png");
        Files.delete(folder.resolve("dusk.png"));
        requireRefused("made of dusk.png, which is gone; name it by --picture");
    }

    @Test
    void aRecordLeadsToNoFileOutsideItsFolder() throws IOException {
        change(text -> text.replace("\"path\" : \"dusk.png\"", "\"path\" : \"../../../../etc/passwd\""));
        requireRefused("no provenance: picture");
    }

    @Test
    void aLinkLeadsToNoFileOutsideTheRecordsFolder() throws IOException {
        Files.delete(folder.resolve("dusk.png"));
        Files.createSymbolicLink(
                folder.resolve("dusk.png"), Path.of("../samples/dusk.png").toRealPath());
        requireRefused("which leads out of its folder; name the picture by --picture");
    }

    @Test
    void valuesThatNoRunHasAreRefusedBeforeAnythingIsMade() throws IOException {
        String original = Files.readString(record);
        for (String[] lie : new String[][] {
            {"\"peak\" : \"-1.0dB\"", "\"peak\" : \"loud\"", "no peak level"},
            {"\"threads\" : \\d+", "\"threads\" : 2000000000", "expected 1 to 1024"},
            {"\"seconds\" : 0.5,\\s+\"seed\"", "\"seconds\" : 1e9, \"seed\"", "seconds is 1.0E9"},
            {"\"name\" : \"dusk.wav\"", "\"name\" : \"a\\\\ud800\"", "stays below its folder"}
        }) {
            Files.writeString(record, original);
            change(text -> text.replaceFirst(lie[0], lie[1]));
            requireRefused(lie[2]);
        }
    }

    @Test
    void whatIsComparedWithIsNotWrittenOver() {
        Ran ran = Ran.with("replay", sound.toString(), "-o", sound.toString(), "--overwrite");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.lastLine()).contains("is what is to be compared with");
    }

    @Test
    void otherWeightsAreNamed() {
        requireRefused(
                "made with another tokenizer/tokenizer.json of the checkpoint mini",
                "--checkpoint",
                "../engine/src/test/resources/tiny-audioldm2");
    }
}
