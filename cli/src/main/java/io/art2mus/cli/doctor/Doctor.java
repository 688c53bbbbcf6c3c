package io.art2mus.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.art2mus.cli.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code art2mus doctor}: exit status 0 when a picture can be turned into sound on this machine, else 1. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Tell what this machine has, and whether a picture can be turned into sound on it.")
public final class Doctor implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Diagnosis found = Examination.ofThisMachine(Version.number());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(found));
        } else {
            out.print(DiagnosisTable.of(found));
        }
        out.flush();
        return found.ready() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
