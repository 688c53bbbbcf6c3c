package io.art2mus.cli.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a GPU does at a moment, as {@code nvidia-smi} tells it; in the tool's own words where it does not know ({@code [N/A]}).
 *
 * @param fields by the tool's names for them: clocks in MHz, power in W, temperature in °C, memory in MiB
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record GpuState(Map<String, String> fields) {
    private static final List<String> FIELDS = List.of(
            "uuid",
            "driver_version",
            "vbios_version",
            "pstate",
            "temperature.gpu",
            "power.draw",
            "power.limit",
            "clocks.sm",
            "clocks.max.sm",
            "clocks.mem",
            "clocks.max.mem",
            "memory.used",
            "ecc.mode.current",
            "pcie.link.gen.current",
            "pcie.link.width.current");

    /** In the search path, and where WSL 2 keeps it. */
    private static final List<String> PROGRAMS = List.of("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi");

    GpuState {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The state now of the GPU at that place of the PCI bus; empty where the tool is missing or does not know it. */
    static Optional<GpuState> of(String pciBusId) {
        return PROGRAMS.stream()
                .flatMap(program -> ask(program, pciBusId).stream())
                .findFirst();
    }

    private static Optional<GpuState> ask(String program, String pciBusId) {
        ProcessBuilder command = new ProcessBuilder(
                program,
                "--id=" + pciBusId,
                "--query-gpu=" + String.join(",", FIELDS),
                "--format=csv,noheader,nounits");
        try {
            Process process = command.redirectErrorStream(true).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? parse(answer) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** One line of values in the order that was asked for. */
    static Optional<GpuState> parse(String answer) {
        String[] values = answer.strip().split(", ", -1);
        if (values.length != FIELDS.size()) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            fields.put(FIELDS.get(i), values[i].strip());
        }
        return Optional.of(new GpuState(fields));
    }

    @Override
    public String toString() {
        return "SM " + fields.get("clocks.sm") + " of " + fields.get("clocks.max.sm") + " MHz, memory "
                + fields.get("clocks.mem") + " MHz, " + fields.get("power.draw") + " of " + fields.get("power.limit")
                + " W, " + fields.get("temperature.gpu") + " °C";
    }
}
