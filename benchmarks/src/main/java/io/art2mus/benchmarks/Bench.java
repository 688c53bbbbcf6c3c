package io.art2mus.benchmarks;

import io.art2mus.benchmarks.ceiling.CpuFloor;
import io.art2mus.benchmarks.ceiling.Floor;
import io.art2mus.benchmarks.ceiling.GpuFloor;
import io.art2mus.benchmarks.profile.Profile;
import io.art2mus.benchmarks.report.JsonFile;
import io.art2mus.benchmarks.report.Measurement;
import io.art2mus.benchmarks.report.Table;
import io.art2mus.benchmarks.subject.Machine;
import io.art2mus.benchmarks.subject.Subject;
import io.art2mus.benchmarks.subject.Subjects;
import io.art2mus.cli.ErrorLine;
import io.art2mus.cli.KernelTable;
import io.art2mus.cli.ceiling.Ceilings;
import io.art2mus.cli.options.CheckpointOptions;
import io.art2mus.cli.options.MachineOptions;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.onednn.OneDnn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code art2mus bench}: how long things take, how much arithmetic that is, and how far from the machine's best. */
@Command(
        name = "art2mus bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures networks, frozen encoders, the T-UNet's operations and whole generations, on the CPU or a GPU.",
        footer = {
            "",
            "What comes before a slash names all that follows it: operations/linear are all Linears. Where nothing is named, all but the "
                    + "operations are measured. `bench ffi` measures calls of native code; what follows it are options of JMH."
        })
public final class Bench implements Callable<Integer> {
    private static final double LEAST_SECONDS = 0.001;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "What to measure.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private MachineOptions options = new MachineOptions();

    @Option(names = "--list", description = "Print the names there are, and measure nothing.")
    private boolean list;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to call each, after as long a warm-up; default: ${DEFAULT-VALUE}.")
    private double seconds = 5;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the measurements there too.")
    private @Nullable Path json;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "bench.jfr",
            description = "Record events of stages and operations there, and draw FILE.svg, a flame graph; default: "
                    + "${FALLBACK-VALUE}. Times are a little longer then.")
    private @Nullable Path profile;

    @Option(
            names = "--on-request",
            description =
                    "Open what is named, one benchmark, and call it once for each line of input, so that a peer can alternate.")
    private boolean onRequest;

    private Bench() {}

    /** Runs the command and exits with its status: 0 done, 1 failed, 2 bad usage. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("ffi")) {
            arguments[0] = "\\.ffi\\.";
            org.openjdk.jmh.Main.main(arguments);
            return;
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        ErrorLine errors = new ErrorLine(() -> Boolean.getBoolean("art2mus.stacktrace"));
        return new CommandLine(new Bench()).setParameterExceptionHandler(errors).setExecutionExceptionHandler(errors);
    }

    @Override
    public Integer call() throws IOException {
        options.requireUsable();
        PrintWriter out = spec.commandLine().getOut();
        Machine machine = new Machine(checkpoint.checkpoint(), options, options.precision(), options.threads());
        List<Subject> chosen = chosen(machine);
        if (list) {
            chosen.forEach(subject -> out.printf("%-28s %s%n", subject.name(), subject.description()));
        } else if (onRequest) {
            if (chosen.size() != 1) {
                throw new ParameterException(
                        spec.commandLine(), "--on-request takes the name of one benchmark, not of " + chosen.size());
            }
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            OnRequest.serve(chosen.getFirst(), machine, in, out);
        } else {
            measure(machine, chosen, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    /** What was asked for and can be measured on the device; says what cannot. */
    private List<Subject> chosen(Machine machine) {
        if (list) {
            return named(Subjects.all(machine.checkpoint()));
        }
        List<Subject> chosen = names.isEmpty() ? Subjects.parts() : named(Subjects.all(machine.checkpoint()));
        List<Subject> suited = chosen.stream()
                .filter(subject -> subject.suits(machine.usesGpu()))
                .toList();
        List<Subject> leftOut = new ArrayList<>(chosen);
        leftOut.removeAll(suited);
        String what = leftOut.stream()
                .map(subject -> subject.name() + " (measured " + subject.suits() + ")")
                .collect(Collectors.joining(", "));
        if (suited.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), what + ": give --device " + (machine.usesGpu() ? "cpu" : "cuda"));
        }
        if (!leftOut.isEmpty()) {
            spec.commandLine().getErr().println("left out: " + what);
        }
        return suited;
    }

    /** In the order of the list, whatever the order of the names. */
    private List<Subject> named(List<Subject> all) {
        for (String name : names) {
            if (all.stream().noneMatch(subject -> subject.isIn(name))) {
                throw new ParameterException(spec.commandLine(), "'" + name + "' is no benchmark (--list prints all)");
            }
        }
        return all.stream()
                .filter(subject -> names.isEmpty() || names.stream().anyMatch(subject::isIn))
                .toList();
    }

    private void measure(Machine machine, List<Subject> chosen, PrintWriter out) {
        if (!(seconds >= LEAST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds is " + seconds + ", expected " + LEAST_SECONDS + " or more");
        }
        Path recording = profile;
        if (recording != null && machine.usesGpu()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--profile draws what the CPU does; on a GPU run nsys profile ./art2mus bench, which shows every kernel");
        }
        List<Measurement> measurements = new ArrayList<>();
        Map<String, Object> conditions = conditions(machine);
        try (Floor floor = floor(machine, conditions);
                @Nullable Profile profiling = recording == null ? null : Profile.start(recording)) {
            Harness harness = new Harness(machine, floor, Math.round(seconds * 1000));
            for (Subject subject : chosen) {
                measurements.add(harness.measure(subject));
            }
            if (profiling != null) {
                out.println("flame graph: " + profiling.finish());
            }
        }
        out.println(String.join(
                ", ",
                conditions.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList()));
        out.print(Table.of(measurements));
        Path file = json;
        if (file != null) {
            JsonFile.write(file, conditions, measurements);
        }
    }

    /** Measures a GPU's ceilings, which are conditions as well. */
    private Floor floor(Machine machine, Map<String, Object> conditions) {
        OptionalInt gpu = options.gpu();
        if (gpu.isEmpty()) {
            return CpuFloor.open(machine.threads(), machine.precision());
        }
        Ceilings ceilings = Ceilings.measure(Cuda.load().devices().get(gpu.getAsInt()), machine.precision());
        conditions.put("ceilings", ceilings);
        return GpuFloor.of(ceilings, machine.precision());
    }

    private Map<String, Object> conditions(Machine machine) {
        Map<String, Object> conditions = new LinkedHashMap<>();
        if (machine.usesGpu()) {
            conditions.put("device", options.deviceName());
        }
        conditions.put("processor", KernelTable.processor());
        conditions.put("instructions", OneDnn.instructionSet().text());
        conditions.put("threads", machine.threads());
        conditions.put("precision", machine.precision().toString());
        conditions.put("checkpoint", machine.checkpoint().folder().toString());
        return conditions;
    }
}
