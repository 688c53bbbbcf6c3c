package io.art2mus.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.art2mus.backend.Precision;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaException;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cuda.DeviceMemory;
import io.art2mus.ffi.cuda.DeviceMemoryException;
import io.art2mus.graph.DType;
import io.art2mus.graph.Graph;
import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Parameter;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a plan on a GPU holds and launches. */
@Tag("gpu")
class CudaPlanTest {
    /** Runs until the compiler has seen all of a run. */
    private static final int WARM_UP = 200;

    /** What the measurement itself may leave behind. */
    private static final long MOST_BYTES_A_RUN = 64;

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    private Parameter parameter(String path, Shape shape) {
        MemorySegment data = arena.allocate(shape.elements() * Float.BYTES, Float.BYTES);
        for (long i = 0; i < shape.elements(); i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i * 37 % 101 - 50) / 200f);
        }
        return Parameter.contiguous(path, DType.F32, shape, data);
    }

    /** Normalise, attend, project and add: four kernels and calls. */
    private Graph block() {
        GraphBuilder graph = GraphBuilder.create("block", this::parameter);
        Value x = graph.input("x", Shape.of(1, 4, 3, 16));
        Value normed = graph.silu(graph.groupNorm(x, graph.parameter("s", 16), graph.parameter("t", 16), 4, 1e-5f));
        Value rows = graph.reshape(normed, 1, 12, 16);
        Value attended = graph.attention(
                graph.linear(rows, graph.parameter("q", 16, 16), null),
                graph.linear(rows, graph.parameter("k", 16, 16), null),
                graph.linear(rows, graph.parameter("v", 16, 16), null),
                null,
                2,
                0.3f);
        Value projected = graph.linear(attended, graph.parameter("out", 16, 16), graph.parameter("bias", 16));
        graph.output("y", graph.add(projected, rows));
        return graph.build();
    }

    @Test
    void aBlockOfNineOperationsIsFourLaunches() {
        Graph block = block();
        try (CudaBackend backend = Gpu.open(Precision.F32);
                CudaPlan plan = backend.compile(block)) {
            assertThat(block.nodes()).hasSize(9);
            assertThat(plan.kernels()).isEqualTo(4);
        }
    }

    @Test
    void aHundredRunsHoldNoMoreMemoryThanOne() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (CudaBackend backend = Gpu.open(Precision.F16);
                CudaPlan plan = backend.compile(block())) {
            plan.input("x").upload(HostTensor.allocate(arena, Shape.of(1, 4, 3, 16)));
            plan.run();
            HostTensor result = HostTensor.allocate(arena, Shape.of(1, 12, 16));
            plan.output("y").download(result);
            long free = backend.freeBytes();
            for (int i = 0; i < WARM_UP; i++) {
                plan.run();
            }
            plan.output("y").download(result);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                plan.run();
            }
            long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 100;
            plan.output("y").download(result);
            System.out.printf("plan on a gpu: %d bytes allocated a run (limit %d)%n", bytes, MOST_BYTES_A_RUN);
            assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES_A_RUN);
            assertThat(backend.freeBytes()).isEqualTo(free);
        }
    }

    @Test
    void moreMemoryThanThereIsSaysWhatIsFreeAndWhatToDo() {
        try (CudaBackend backend = Gpu.open(Precision.F32)) {
            assertThat(backend.freeBytes()).isPositive();
            assertThatThrownBy(
                            () -> DeviceMemory.allocate(Cuda.load(), 1L << 50).close())
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageMatching(
                            "the GPU has no room for 1073741824\\.0 MiB more, [0-9.]+ MiB of its memory are free;"
                                    + " try --precision f16, fewer candidates, a smaller --batch, or --device cpu");
        }
    }

    @Test
    void aRecordingThatFailsLeavesTheStreamUsable() {
        try (CudaBackend backend = Gpu.open(Precision.F32);
                CudaStream stream = CudaStream.open(Cuda.load())) {
            assertThat(backend.freeBytes()).isPositive();
            assertThatThrownBy(() -> stream.capture(stream::synchronize).close())
                    .isInstanceOf(CudaException.class)
                    .hasMessageStartingWith("cuStreamSynchronize failed: CUDA_ERROR_STREAM_CAPTURE_");
            stream.capture(() -> {}).close();
            stream.synchronize();
        }
    }

    @Test
    void aGpuThatIsNotThereIsToldOf() {
        Gpu.open(Precision.F32).close();
        assertThatThrownBy(() -> CudaBackend.open(99, Precision.F32, null))
                .isInstanceOf(UnsupportedDeviceException.class)
                .hasMessageContaining("there is no cuda:99");
    }
}
