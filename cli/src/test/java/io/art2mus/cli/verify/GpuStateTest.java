package io.art2mus.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GpuStateTest {
    @Test
    void isReadFromOneLineOfTheTool() {
        assertThat(
                        GpuState.parse(
                                "GPU-1, 580.65.06, 96.00, P0, 41, 71.20, 700.00, 1980, 1980, 3201, 3201, 512, Enabled, 5, 16\n"))
                .hasValueSatisfying(state -> {
                    assertThat(state.fields())
                            .containsEntry("pstate", "P0")
                            .containsEntry("ecc.mode.current", "Enabled");
                    assertThat(state).hasToString("SM 1980 of 1980 MHz, memory 3201 MHz, 71.20 of 700.00 W, 41 °C");
                });
    }

    @Test
    void isUnknownWhereTheToolSaysSomethingElse() {
        assertThat(GpuState.parse("No devices were found\n")).isEmpty();
        assertThat(GpuState.of("00000000:FF:1F.0")).isEmpty();
    }
}
