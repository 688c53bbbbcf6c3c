package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.art2mus.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairTableTest {
    private static final List<Pair> TWO =
            List.of(new Pair("a.jpg", "x/1.mp3", "Baroque"), new Pair("b c.jpg", "2.mp3", null));

    @TempDir
    private Path folder;

    private PairTable read(String name, String text) throws IOException {
        return PairTable.read(Files.writeString(folder.resolve(name), text));
    }

    @Test
    void csvIsReadByTheNamesOfItsColumns() throws IOException {
        PairTable table =
                read("t.csv", "\uFEFFStyle, Audio,id,IMAGE\r\nBaroque,x/1.mp3,7,a.jpg\r\n\r\n,2.mp3,8,\"b c.jpg\"\r\n");

        assertThat(table.pairs()).isEqualTo(TWO);
        assertThat(table.duplicates()).isZero();
    }

    @Test
    void styleMayBeMissing() throws IOException {
        assertThat(read("t.csv", "image,audio\na,1\n").pairs()).containsExactly(new Pair("a", "1", null));
    }

    @Test
    void jsonLinesAreRead() throws IOException {
        PairTable table = read("t.jsonl", """
                {"image": "a.jpg", "audio": "x/1.mp3", "style": "Baroque", "notes": {"artist": ["?"]}}

                {"audio": "2.mp3", "image": "b c.jpg", "style": null}
                """);

        assertThat(table.pairs()).isEqualTo(TWO);
    }

    @Test
    void publishedTableIsRead() throws IOException {
        PairTable table = read("t.json", """
                {"Image": {"0": "a.jpg", "1": "b c.jpg"}, "Audio": {"0": "x/1.mp3", "1": "2.mp3"}, "Similarity": {"0": 0.4},
                 "Style": {"0": "Baroque"}}""");

        assertThat(table.pairs()).isEqualTo(TWO);
    }

    @Test
    void rowThatRepeatsAnotherCountsOnce() throws IOException {
        PairTable table = read("t.csv", "image,audio,style\na,1,s\na,2,s\n./a,x/../1,t\n");

        assertThat(table.pairs()).containsExactly(new Pair("a", "1", "s"), new Pair("a", "2", "s"));
        assertThat(table.duplicates()).isEqualTo(1);
    }

    @Test
    void samplePairsAreSixOfEachStyle() {
        PairTable table = PairTable.read(Golden.sample("pairs/pairs.csv"));

        assertThat(Split.byStyle(table.pairs()))
                .hasSize(3)
                .allSatisfy((_, pairs) -> assertThat(pairs).hasSize(6));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            t.txt   | image,audio~a,1             | is no kind of table that is known; give .csv, .jsonl or .json
            t.csv   | ''                          | Empty header line
            t.jsonl | ''                          | holds no pair; give a table with columns image and audio
            t.csv   | image,audio                 | holds no pair; give a table with columns image and audio
            t.csv   | picture,audio~a,1           | pair 1 has no image; give every pair a picture and its music
            t.csv   | image,audio~a,1~b,          | pair 2 has no audio; give every pair a picture and its music
            t.csv   | image,audio~a~              | pair 1 has no audio; give every pair a picture and its music
            t.csv   | image,audio~a,1~../b,2      | pair 2: image ../b leads out of the folder; give paths below the one that --images names
            t.csv   | image,audio~a,x/../../1     | pair 1: audio x/../../1 leads out of the folder; give paths below the one that --audio names
            t.csv   | image,audio~/etc/passwd,1   | pair 1: image /etc/passwd leads out of the folder; give paths below the one that --images names
            t.csv   | image,audio~.,1             | pair 1: image . leads out of the folder; give paths below the one that --images names
            t.jsonl | {"image": "a"               | line 1: Unexpected end-of-input
            t.jsonl | ["a", "1"]                  | a pair is no JSON object
            t.jsonl | {"image": ["a"]}            | line 1 holds a list or an object for a text
            t.jsonl | {"image": "a", "image": "b"} | line 1: Duplicate field 'image'
            t.json  | {"Image": {"0": "a"}, "Audio": {"1": "1"}} | pair "0" has no audio
            t.json  | {"Image": ["a"], "Audio": ["1"]} | Image is no JSON object
            t.json  | {"Image": {"0": "a"}} {}    | goes on after its end
            t.json  | []                          | the table is no JSON object
            """)
    void unusableTableIsRefusedInOneLine(String name, String text, String message) {
        assertThatThrownBy(() -> read(name, text.replace("~", "\n")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve(name) + ": " + message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void missingTableIsRefused() {
        assertThatThrownBy(() -> PairTable.read(folder.resolve("t.csv")))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("t.csv: no such file; check its name");
    }

    @Test
    void pathWithNulIsRefused() {
        assertThatThrownBy(() -> read("t.jsonl", "{\"image\": \"a\\u0000\", \"audio\": \"1\"}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("pair 1: image is no path");
    }

    @Test
    void brokenUtf8IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("t.csv"), "image,audio\né,1\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> PairTable.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("is no UTF-8 text; save it as UTF-8");
    }

    @Test
    void cellLongerThanAnyPathIsRefused() {
        String text = "{\"image\": \"" + "a".repeat(5_000) + "\", \"audio\": \"1\"}";

        assertThatThrownBy(() -> read("t.jsonl", text)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read("t.csv", "image,audio\n" + "a".repeat(5_000) + ",1\n"))
                .isInstanceOf(DataException.class);
    }
}
