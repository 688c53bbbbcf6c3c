package io.art2mus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Golden;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.ffi.UserCache;
import io.art2mus.graph.HostTensor;
import io.art2mus.pipeline.TextEncoders.Reader;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the text encoders made of a text, kept between runs. */
class TextCacheTest {
    private static final Checkpoint TINY = new Checkpoint(Golden.resource("tiny-audioldm2"));

    @TempDir
    private Path folder;

    /** Every encoder tells of its file when it is opened. */
    private final List<Path> opened = new ArrayList<>();

    private List<HostTensor> read(String text, int length, Arena arena) {
        try (EncoderRuntime runtime = EncoderRuntime.open(2, OptionalInt.empty(), (file, names) -> opened.add(file))) {
            TextEncoders encoders = new TextEncoders(runtime, TINY, UserCache.at(folder), Progress.SILENT, arena);
            try (Reader clap = encoders.clap();
                    Reader t5 = encoders.t5()) {
                return List.of(clap.encode(clap.tokens(text)), t5.encode(t5.tokens(text, length)));
            }
        }
    }

    @Test
    void aTextThatWasReadBeforeOpensNoEncoderAndGivesTheSameBits() {
        try (Arena arena = Arena.ofConfined()) {
            List<HostTensor> first = read("rain", 5, arena);
            assertThat(opened).hasSize(2);
            List<HostTensor> second = read("rain", 5, arena);
            assertThat(opened).hasSize(2);
            for (int i = 0; i < first.size(); i++) {
                assertThat(second.get(i).shape()).isEqualTo(first.get(i).shape());
                assertThat(second.get(i).data().mismatch(first.get(i).data())).isEqualTo(-1);
            }
        }
    }

    @Test
    void anotherTextOrLengthIsReadAnew() {
        try (Arena arena = Arena.ofConfined()) {
            read("rain", 5, arena);
            read("rain", 6, arena);
            assertThat(opened).as("CLAP's tokens are the same").hasSize(3);
            read("sun", 5, arena);
            assertThat(opened).hasSize(5);
        }
    }
}
