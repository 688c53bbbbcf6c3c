package io.art2mus.cli.verify;

import io.art2mus.cli.KernelTable;
import io.art2mus.cli.Version;
import io.art2mus.cli.options.Converted;
import io.art2mus.cli.options.Installation;
import io.art2mus.cli.verify.Verification.LeftOut;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.pipeline.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code art2mus verify-gpu}: exit status 0 when all tests tagged {@code gpu} pass on this machine's GPU, else 1. */
@Command(
        name = "verify-gpu",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Test and measure art2mus on this machine's GPU.")
public final class VerifyGpu implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "cuda:N",
            converter = Ordinals.class,
            description = "Which GPU; default: cuda:0.")
    private int ordinal;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all that was found out there too.")
    private @Nullable Path json;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description =
                    "Measure with these weights; default: random ones of the published shapes, about 4 GB below the folder for "
                            + "temporary files.")
    private @Nullable Path folder;

    @Option(names = "--quick", description = "Run the tests, and neither compute-sanitizer nor measurements.")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        CudaDevice device = Requirements.gpu(ordinal);
        if (!GpuTests.present()) {
            throw new VerificationException("the tests are not on the class path; start ./art2mus verify-gpu");
        }
        PrintWriter out = spec.commandLine().getOut();
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Gpu gpu = Gpu.of(device);
        GpuState before = GpuState.of(gpu.pciBusId()).orElse(null);
        out.println(gpu);
        out.println(before == null ? "nvidia-smi is not here: clocks, power and temperature are not known" : before);
        out.println();
        out.flush();

        List<LeftOut> leftOut = Requirements.leftOut();
        TestTable table = new TestTable(out);
        GpuTests.run(ordinal, leftOut.stream().map(LeftOut::tag).collect(Collectors.toSet()), table::add);
        table.end(leftOut);
        Sanitizer sanitizer = null;
        Measurements measurements = null;
        if (!quick && Verification.passed(table.classes())) {
            sanitizer = Sanitizer.run(ordinal, out).orElse(null);
            measurements = measure(device, gpu, text -> print(out, gpu, text));
        }
        Verification found = new Verification(
                Version.number(), date, machine(), gpu, before, leftOut, table.classes(), sanitizer, measurements);
        if (json != null) {
            found.write(json);
        }
        return found.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** No line that is measured on the emulated device may look like a GPU's. */
    private static void print(PrintWriter out, Gpu gpu, String text) {
        text.lines().forEach(line -> out.println(gpu.emulated() ? "emulated, no figure of a GPU: " + line : line));
        out.flush();
    }

    private Measurements measure(CudaDevice device, Gpu gpu, Consumer<String> lines) throws IOException {
        Path given = folder;
        if (given != null) {
            return Measurements.of(device, gpu, new Checkpoint(given), given.toString(), lines);
        }
        if (gpu.emulated()) {
            // At the published sizes a step takes minutes there.
            Path small = Installation.miniModel();
            return Measurements.of(device, gpu, new Checkpoint(small), "the small model of this repository", lines);
        }
        try (RandomCheckpoint random = new RandomCheckpoint()) {
            return Measurements.of(device, gpu, random.checkpoint(), RandomCheckpoint.NAME, lines);
        }
    }

    private static Verification.Machine machine() {
        return new Verification.Machine(
                KernelTable.processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version", "unknown"),
                Runtime.version().toString());
    }

    /** A GPU's name, as {@code --device} of every command takes it. */
    static final class Ordinals implements ITypeConverter<Integer> {
        private static final Pattern NAME = Pattern.compile("cuda(?::([0-9]{1,3}))?");

        @Override
        public Integer convert(String name) {
            return Converted.by(() -> ordinal(name));
        }

        private static int ordinal(String name) {
            Matcher matcher = NAME.matcher(name);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("'" + name + "' is no GPU: give cuda or cuda:1");
            }
            return matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        }
    }
}
