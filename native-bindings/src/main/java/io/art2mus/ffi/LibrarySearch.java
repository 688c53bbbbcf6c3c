package io.art2mus.ffi;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads native libraries; the only place that does. In this order: the file or folder that a property or
 * variable names (then nothing else is tried), the library carried in our jar, the CUDA toolkit's folders, the dynamic
 * linker's own path, and the {@code nvidia} folders of Python wheels.
 *
 * <p>Libraries are loaded into this module's class loader by absolute path, where the generated bindings look symbols up,
 * and stay for the life of the process.
 */
public final class LibrarySearch {
    private final UnaryOperator<@Nullable String> properties;
    private final UnaryOperator<@Nullable String> environment;
    private final Supplier<UserCache> cache;

    LibrarySearch(
            UnaryOperator<@Nullable String> properties,
            UnaryOperator<@Nullable String> environment,
            Supplier<UserCache> cache) {
        this.properties = properties;
        this.environment = environment;
        this.cache = cache;
    }

    /** The search by this process's properties, environment and cache. */
    public static LibrarySearch ofProcess() {
        return new LibrarySearch(System::getProperty, System::getenv, UserCache::ofUser);
    }

    /**
     * Loads a library and asks its version.
     *
     * @param version calls the loaded library; throws {@link LibraryUnavailableException} where the version is not one
     *     that we support
     */
    public LibraryStatus probe(NativeLibrary library, Supplier<String> version) {
        try {
            Path path = load(library);
            return new LibraryStatus.Available(path, version.get());
        } catch (LibraryUnavailableException absent) {
            return absent.status();
        } catch (NoSuchElementException | LinkageError missingSymbol) {
            return new LibraryStatus.Unavailable(oneLine(missingSymbol), library.remedy());
        }
    }

    /** Loads the first file that can be loaded, what it needs before it, and returns its path. */
    Path load(NativeLibrary library) {
        library.needs().forEach(this::load);
        Set<String> failures = new LinkedHashSet<>();
        try {
            Optional<Path> explicit = explicit(library);
            if (explicit.isPresent()) {
                return loadFirst(library, List.of(explicit.get()), failures)
                        .orElseThrow(() -> unavailable(library, failures));
            }
            Optional<Path> carried = CarriedLibrary.find(library.fileName()).map(found -> found.unpack(cache.get()));
            return carried.flatMap(file -> loadFirst(library, List.of(file), failures))
                    .or(() -> loadFirst(library, inToolkits(library), failures))
                    .or(() -> onLinkersPath(library, failures))
                    .or(() -> loadFirst(library, inWheels(library), failures))
                    .orElseThrow(() -> unavailable(library, failures));
        } catch (CacheException failure) {
            throw new LibraryUnavailableException(library, failure.fault(), failure.remedy());
        }
    }

    private Optional<Path> explicit(NativeLibrary library) {
        String named = properties.apply(library.property());
        if (named == null || named.isEmpty()) {
            named = environment.apply(library.variable());
        }
        if (named == null || named.isEmpty()) {
            return Optional.empty();
        }
        Path path = Path.of(named).toAbsolutePath();
        return Optional.of(Files.isDirectory(path) ? path.resolve(library.fileName()) : path);
    }

    private List<Path> inToolkits(NativeLibrary library) {
        if (library.home() != NativeLibrary.Home.CUDA) {
            return List.of();
        }
        List<Path> toolkits = new ArrayList<>();
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String folder = environment.apply(variable);
            if (folder != null && !folder.isEmpty()) {
                toolkits.add(Path.of(folder));
            }
        }
        toolkits.addAll(list(Path.of("/usr/local"), "cuda*"));
        return toolkits.stream()
                .flatMap(toolkit -> List.of("lib64", "lib", "targets/x86_64-linux/lib").stream()
                        .map(toolkit::resolve))
                .map(folder -> folder.resolve(library.fileName()))
                .filter(Files::exists)
                .toList();
    }

    private List<Path> inWheels(NativeLibrary library) {
        if (library.home() != NativeLibrary.Home.CUDA) {
            return List.of();
        }
        List<Path> pythons = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String prefix = environment.apply(variable);
            if (prefix != null && !prefix.isEmpty()) {
                pythons.add(Path.of(prefix, "lib"));
            }
        }
        pythons.addAll(besideInterpreters());
        pythons.add(Path.of(System.getProperty("user.home", "/"), ".local/lib"));
        pythons.add(Path.of("/usr/local/lib"));
        pythons.add(Path.of("/usr/lib"));
        return pythons.stream()
                .flatMap(lib -> list(lib, "python3*").stream())
                .flatMap(python -> list(python, "{site,dist}-packages").stream())
                .flatMap(packages -> list(packages.resolve("nvidia"), "*").stream())
                .map(wheel -> wheel.resolve("lib").resolve(library.fileName()))
                .filter(Files::exists)
                .toList();
    }

    /** The folders of libraries of every Python that a shell would find, environments that are not activated included. */
    private List<Path> besideInterpreters() {
        String path = environment.apply("PATH");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(path == null ? "" : path)
                .filter(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, "python3")))
                .map(folder -> Path.of(folder).resolveSibling("lib"))
                .distinct()
                .toList();
    }

    private static Optional<Path> onLinkersPath(NativeLibrary library, Set<String> failures) {
        try {
            return loadFirst(library, List.of(DynamicLinker.find(library.fileName())), failures);
        } catch (UnsatisfiedLinkError failure) {
            failures.add(oneLine(failure));
            return Optional.empty();
        }
    }

    private static Optional<Path> loadFirst(NativeLibrary library, List<Path> files, Set<String> failures) {
        for (Path file : files) {
            try {
                for (Path companion : list(file.getParent(), library.companions())) {
                    System.load(companion.toString());
                }
                System.load(file.toString());
                return Optional.of(file);
            } catch (UnsatisfiedLinkError failure) {
                failures.add(oneLine(failure));
            }
        }
        return Optional.empty();
    }

    /** What is in {@code folder}, newest version's name first; nothing where the folder cannot be read. */
    private static List<Path> list(@Nullable Path folder, String glob) {
        if (folder == null || glob.isEmpty() || !Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException unreadable) {
            return List.of();
        }
        found.sort(Comparator.reverseOrder());
        return found;
    }

    private static LibraryUnavailableException unavailable(NativeLibrary library, Set<String> failures) {
        boolean leftOut = library.home() == NativeLibrary.Home.CARRIED
                && CarriedLibrary.find(library.fileName()).isEmpty();
        return new LibraryUnavailableException(
                library,
                String.join("; ", failures),
                leftOut ? "take a package of art2mus that was made with it" : library.remedy());
    }

    /** The linker's text; the JDK puts the path before it a second time. */
    private static String oneLine(Throwable failure) {
        // A symbol is looked up when a generated class is initialised.
        Throwable told = failure instanceof ExceptionInInitializerError && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return String.valueOf(told.getMessage())
                .strip()
                .replaceAll("^(\\S+): (?=\\1: )", "")
                .replaceAll("\\s+", " ");
    }
}
