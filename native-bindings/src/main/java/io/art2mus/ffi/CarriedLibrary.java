package io.art2mus.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A shared library that travels as a resource of this module and is unpacked once into the user's cache.
 *
 * @param folder below the cache's {@code natives}, named after artifact and version; its libraries lie side by side
 * @param sha256 of the library, in hexadecimal; nothing else is ever loaded in its place
 * @param resource path within the jar
 */
record CarriedLibrary(String folder, String sha256, String resource) {
    private static final List<CarriedLibrary> ALL = read();

    /** The library of this file name; empty where this build carries none. */
    static Optional<CarriedLibrary> find(String fileName) {
        return ALL.stream()
                .filter(library -> library.fileName().equals(fileName) && library.isPresent())
                .findFirst();
    }

    /** Unpacks the library and its neighbours, and returns its intact file. */
    Path unpack(UserCache cache) {
        for (CarriedLibrary neighbour : ALL) {
            if (neighbour.folder.equals(folder) && neighbour.isPresent()) {
                neighbour.unpackAlone(cache);
            }
        }
        return unpackAlone(cache);
    }

    private String fileName() {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    private Path unpackAlone(UserCache cache) {
        return cache.entry(CacheKind.NATIVES, folder + "/" + fileName(), sha256, out -> {
            try (InputStream in = open("/" + resource)) {
                in.transferTo(out);
            }
        });
    }

    private boolean isPresent() {
        return CarriedLibrary.class.getResource("/" + resource) != null;
    }

    private static List<CarriedLibrary> read() {
        try (InputStream in = open("carried-libraries.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .map(columns -> new CarriedLibrary(columns[0], columns[1], columns[2]))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = CarriedLibrary.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException(resource + " is not in the native-bindings jar; build the project again");
        }
        return in;
    }
}
