package io.art2mus.cli.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.ProvenanceTag;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code art2mus inspect}: exit status 0 when something is known of how the sound was made. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Tell how a sound was made, from the JSON beside it and its own comment.")
public final class Inspect implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A sound that art2mus wrote, or the JSON beside it.")
    private Path file;

    @Option(names = "--json", description = "Print JSON instead of a table: provenance, tag, doubts.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Inspection inspection = Inspection.of(file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(inspection));
        } else {
            out.print(InspectionTable.of(inspection));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String json(Inspection inspection) throws JsonProcessingException {
        // In ASCII, so that nothing in it can steer a terminal.
        JsonMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        ObjectNode all = mapper.createObjectNode();
        Provenance record = inspection.record();
        if (record != null) {
            String text = new String(ProvenanceFile.toBytes(record), StandardCharsets.UTF_8);
            all.set("provenance", mapper.readTree(text));
        }
        ProvenanceTag tag = inspection.tag();
        if (tag != null) {
            all.set("tag", mapper.readTree(tag.text()));
        }
        ArrayNode doubts = all.putArray("doubts");
        inspection.doubts().forEach(doubts::add);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
