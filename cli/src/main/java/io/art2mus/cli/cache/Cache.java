package io.art2mus.cli.cache;

import io.art2mus.ffi.CacheKind;
import io.art2mus.ffi.CacheUsage;
import io.art2mus.ffi.UserCache;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code art2mus cache}: everything in it can be made again. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = "List or clear what is kept between runs: it is made again when it is needed.")
public final class Cache implements Runnable {
    private static final double MEBIBYTE = 1 << 20;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private @Nullable Action action;

    @Parameters(paramLabel = "KIND", arity = "0..*", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private @Nullable List<CacheKind> kinds;

    private final Supplier<UserCache> ofUser;

    /** The command as it is registered. */
    public Cache() {
        this(UserCache::ofUser);
    }

    Cache(Supplier<UserCache> ofUser) {
        this.ofUser = ofUser;
    }

    /** One of them, not both. */
    private static final class Action {
        @Option(names = "--list", description = "List what each kind takes on disk.")
        private boolean list;

        @Option(names = "--clear", description = "Delete what is kept.")
        private boolean clear;
    }

    @Override
    public void run() {
        Action asked = Objects.requireNonNull(action, "picocli sees to it that one is given");
        Set<CacheKind> chosen = kinds == null ? EnumSet.allOf(CacheKind.class) : EnumSet.copyOf(kinds);
        PrintWriter out = spec.commandLine().getOut();
        UserCache cache = ofUser.get();
        if (asked.list) {
            list(cache, chosen, out);
        }
        if (asked.clear) {
            out.println("deleted " + text(cache.clear(chosen)) + " from " + cache.root());
        }
        out.flush();
    }

    private static void list(UserCache cache, Set<CacheKind> kinds, PrintWriter out) {
        Map<CacheKind, CacheUsage> usage = cache.usage();
        out.println(cache.root());
        usage.forEach((kind, one) -> {
            if (kinds.contains(kind)) {
                out.println("%-12s%s".formatted(kind, text(one)));
            }
        });
        CacheUsage all = new CacheUsage(
                usage.values().stream().mapToInt(CacheUsage::entries).sum(),
                usage.values().stream().mapToLong(CacheUsage::bytes).sum());
        out.println(String.format(
                Locale.ROOT, "%-12s%s of at most %.0f MiB", "all", text(all), UserCache.LIMIT / MEBIBYTE));
    }

    private static String text(CacheUsage usage) {
        return String.format(
                Locale.ROOT,
                "%d %s, %.1f MiB",
                usage.entries(),
                usage.entries() == 1 ? "entry" : "entries",
                usage.bytes() / MEBIBYTE);
    }
}
