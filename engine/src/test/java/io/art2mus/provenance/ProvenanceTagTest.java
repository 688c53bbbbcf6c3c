package io.art2mus.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.art2mus.audio.Sound;
import io.art2mus.audio.SoundFiles;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundFormat;
import io.art2mus.ffi.sndfile.SoundTag;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The essentials in a sound file's own comment. */
class ProvenanceTagTest {
    private static final String PROMPT = "Klänge der \"Dämmerung\"\n🎨 \u001b[31m";

    @TempDir
    private Path folder;

    @Test
    void tagIsOneLineOfAsciiAndIsReadBack() {
        ProvenanceTag tag = ProvenanceTag.of(Records.withPrompt(PROMPT));
        assertThat(tag.text()).isPrintable().isASCII().startsWith("{\"art2mus\":\"0.1.0\",");
        assertThat(ProvenanceTag.parse(tag.text())).contains(tag);
    }

    /** The longest tag that is written, so that no container has a lower limit than ours. */
    @ParameterizedTest
    @EnumSource(SoundFormat.class)
    void everyContainerKeepsTheLongestTag(SoundFormat format) {
        SoundFileLibrary library = SoundFileLibrary.load();
        assumeTrue(library.canWrite(format, 16_000, 1), "libsndfile writes " + format);
        String text = longest();
        assertThat(text.length()).isEqualTo(ProvenanceTag.LONGEST);
        Path file = folder.resolve("tagged." + format.extension());
        try (Arena arena = Arena.ofConfined()) {
            Sound sound = Sound.allocate(arena, 16_001, 16_000);
            for (int i = 0; i < sound.length(); i++) {
                sound.set(i, (float) Math.sin(i * 0.05));
            }
            SoundFiles.write(file, sound, format, Map.of(SoundTag.COMMENT, text));
        }
        try (SoundFileReader reader = SoundFileReader.open(library, file)) {
            String read = reader.tag(SoundTag.COMMENT).orElse("");
            System.out.printf("tag in %s: %d of %d characters%n", format, read.length(), text.length());
            assertThat(read).isEqualTo(text);
            assertThat(ProvenanceTag.parse(read)).isPresent();
        }
    }

    /** A tag of exactly the limit, with what JSON has to escape. */
    private static String longest() {
        String prompt = PROMPT;
        String text = "";
        while (text.length() < ProvenanceTag.LONGEST) {
            prompt += "a";
            text = ProvenanceTag.of(Records.withPrompt(prompt)).text();
        }
        return text;
    }

    @Test
    void longPromptsAreCutUntilTheTagFits() {
        for (String letter : new String[] {"a", "ä", "🎨", "\u0001"}) {
            String text =
                    ProvenanceTag.of(Records.withPrompt(letter.repeat(100_000))).text();
            assertThat(text.length()).isBetween(ProvenanceTag.LONGEST / 4, ProvenanceTag.LONGEST);
            assertThat(ProvenanceTag.parse(text).orElseThrow().prompt())
                    .startsWith(letter.repeat(60))
                    .endsWith("…")
                    .doesNotContain("\ufffd");
        }
    }

    @Test
    void whatIsNoTagIsNone() {
        String tag = ProvenanceTag.of(Records.withPrompt(null)).text();
        assertThat(ProvenanceTag.parse(tag)).isPresent();
        assertThat(ProvenanceTag.parse("")).isEmpty();
        assertThat(ProvenanceTag.parse("Made with love")).isEmpty();
        assertThat(ProvenanceTag.parse(tag.substring(1))).isEmpty();
        assertThat(ProvenanceTag.parse(tag + " ")).isPresent();
        assertThat(ProvenanceTag.parse(tag + "x")).isEmpty();
        assertThat(ProvenanceTag.parse(tag.replace("0123456789abcdef", "xyz"))).isEmpty();
        assertThat(ProvenanceTag.parse(tag.replace("\"seed\"", "\"seeds\""))).isEmpty();
        assertThat(ProvenanceTag.parse("{".repeat(2000))).isEmpty();
    }
}
