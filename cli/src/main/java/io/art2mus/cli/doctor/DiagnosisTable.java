package io.art2mus.cli.doctor;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A diagnosis as lines for a person: a name, then what is known about it. */
final class DiagnosisTable {
    private DiagnosisTable() {}

    /** The whole table; its last line says whether a picture can be turned into sound. */
    static String of(Diagnosis found) {
        StringBuilder table = new StringBuilder();
        row(table, "art2mus", found.version());
        row(
                table,
                "Java",
                found.java().version() + ", " + found.java().vendor() + ", "
                        + path(found.java().home()));
        row(table, "CPU", cpu(found.cpu()));
        row(table, "native memory", memory(found.memory()));
        found.libraries().forEach(library -> row(table, library.name(), library(library)));
        if (found.gpus().isEmpty()) {
            row(table, "GPU", "none that CUDA can use");
        }
        found.gpus().forEach(gpu -> row(table, "GPU", gpu(gpu)));
        row(table, "backend", "auto takes " + found.backend());
        row(table, "sound formats", soundFormats(found.soundFormats()));
        row(table, "caches", caches(found.caches()));
        row(table, "verdict", verdict(found));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String text) {
        table.append(String.format(Locale.ROOT, "%-23s  %s%n", name, text));
    }

    private static String cpu(Diagnosis.Cpu cpu) {
        String arithmetic = cpu.instructionSet() == null
                ? "instruction set unknown without oneDNN"
                : "oneDNN uses " + cpu.instructionSet() + (cpu.bf16() ? " (bf16 in hardware" : " (bf16 emulated")
                        + (cpu.amx() ? ", on AMX tiles)" : ", no AMX)");
        return cpu.model() + ", " + plural(cpu.threads(), "thread") + ", " + arithmetic;
    }

    private static String memory(Diagnosis.Memory memory) {
        return bytes(memory.available()) + " of " + bytes(memory.total()) + " available, " + bytes(memory.resident())
                + " held by this process, Java heap at most " + bytes(memory.javaHeapLimit());
    }

    private static String library(Diagnosis.Library library) {
        return library.available()
                ? library.version() + ", " + path(String.valueOf(library.path()))
                : "no: " + library.reason() + "; " + library.remedy();
    }

    private static String gpu(Diagnosis.Gpu gpu) {
        return gpu.name() + ", compute capability " + gpu.computeCapability() + ", " + bytes(gpu.memory()) + ", driver "
                + gpu.driver();
    }

    private static String soundFormats(List<Diagnosis.SoundFormat> formats) {
        return formats.isEmpty()
                ? "none without libsndfile"
                : formats.stream()
                        .map(Diagnosis.SoundFormat::extension)
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    private static String caches(Diagnosis.Caches caches) {
        return path(caches.folder()) + ", "
                + (caches.sizes().isEmpty()
                        ? "empty"
                        : caches.sizes().entrySet().stream()
                                .map(kind -> kind.getKey() + " " + bytes(kind.getValue()))
                                .collect(Collectors.joining(", ")));
    }

    private static String verdict(Diagnosis found) {
        return found.ready()
                ? "a picture can be turned into sound on this machine"
                : "a picture cannot be turned into sound without "
                        + found.missing().stream().map(Diagnosis.Library::name).collect(Collectors.joining(", "));
    }

    /** A path as a person would write it. */
    private static String path(String path) {
        String home = System.getProperty("user.home", "/") + "/";
        return path.startsWith(home) ? "~/" + path.substring(home.length()) : path;
    }

    private static String plural(int count, String name) {
        return count + " " + name + (count == 1 ? "" : "s");
    }

    private static String bytes(long count) {
        double mebibytes = count / (1024.0 * 1024.0);
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
    }
}
