package io.art2mus.cli.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.UserCache;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code art2mus cache} as a user meets it. */
class CacheTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int cache(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new Cache(() -> UserCache.at(folder)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private UserCache filled() {
        UserCache cache = UserCache.at(folder);
        cache.entry(CacheKind.NATIVES, "version-1/library", bytes -> bytes.write(new byte[3 << 20]));
        cache.remember(CacheKind.DIGESTS, "a", new byte[7]);
        cache.remember(CacheKind.DIGESTS, "b", new byte[7]);
        return cache;
    }

    @Test
    void listTellsWhatEachKindTakes() {
        filled();
        assertThat(cache("--list")).isZero();
        assertThat(out).hasToString("""
                %s
                natives     1 entry, 3.0 MiB
                digests     2 entries, 0.0 MiB
                all         3 entries, 3.0 MiB of at most 4096 MiB
                """.formatted(folder));
        assertThat(cache("--list", "natives")).isZero();
        assertThat(out.toString()).contains("natives     1 entry").doesNotContain("digests");
    }

    @Test
    void clearTakesTheNamedKindsOrAll() {
        UserCache cache = filled();
        assertThat(cache("--clear", "digests", "embeddings")).isZero();
        assertThat(out).hasToString("deleted 2 entries, 0.0 MiB from " + folder + "\n");
        assertThat(cache.usage()).containsOnlyKeys(CacheKind.NATIVES);
        assertThat(cache("--clear")).isZero();
        assertThat(out).hasToString("deleted 1 entry, 3.0 MiB from " + folder + "\n");
        assertThat(cache("--list")).isZero();
        assertThat(out).hasToString(folder + "\nall         0 entries, 0.0 MiB of at most 4096 MiB\n");
    }

    @Test
    void whatIsNoActionOrKindIsBadUsage() {
        UserCache cache = filled();
        assertThat(cache()).isEqualTo(2);
        assertThat(cache("--list", "--clear")).isEqualTo(2);
        assertThat(cache("--clear", "everything")).isEqualTo(2);
        assertThat(err.toString()).contains("KIND", "natives, embeddings, digests, choices, weights", "'everything'");
        assertThat(cache.usage()).containsOnlyKeys(CacheKind.NATIVES, CacheKind.DIGESTS);
    }
}
