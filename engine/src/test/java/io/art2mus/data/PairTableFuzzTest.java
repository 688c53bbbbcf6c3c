package io.art2mus.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class PairTableFuzzTest {
    /** The formats do not tell themselves: every input is tried as each. */
    private static final List<String> NAMES = List.of("t.csv", "t.jsonl", "t.json");

    @TempDir
    private Path folder;

    static Stream<Named<byte[]>> tables() {
        return Stream.of(
                        "image,audio,style\na.jpg,1.mp3,Baroque\n\"b, c.jpg\",x/2.mp3,\n",
                        "{\"image\": \"a.jpg\", \"audio\": \"1.mp3\"}\n{\"image\": \"b\", \"audio\": \"2\", \"style\": \"s\"}\n",
                        "{\"Image\": {\"0\": \"a\", \"1\": \"b\"}, \"Audio\": {\"0\": \"1\", \"1\": \"2\"}}")
                .map(text -> Named.of(text.substring(0, 8), text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tableIsReadAsOneFormat(byte[] bytes) throws IOException {
        assertThat(read(bytes)).isEqualTo(1);
    }

    @MethodSource("tables")
    @FuzzTest
    void damagedTableIsReadOrRefused(byte[] bytes) throws IOException {
        read(bytes);
    }

    private int read(byte[] bytes) throws IOException {
        int formats = 0;
        for (String name : NAMES) {
            Path file = Files.write(folder.resolve(name), bytes);
            try {
                assertThat(PairTable.read(file).pairs()).isNotEmpty().allSatisfy(pair -> {
                    assertThat(folder.resolve(pair.picture()).normalize()).startsWithRaw(folder);
                    assertThat(folder.resolve(pair.music()).normalize()).startsWithRaw(folder);
                });
                formats++;
            } catch (DataException refused) {
                assertThat(refused).message().hasLineCount(1);
            }
        }
        return formats;
    }
}
