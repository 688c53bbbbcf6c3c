package io.art2mus.ffi.cudnn;

import io.art2mus.ffi.HandleScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of channels-last pictures and what follows it element by element, as one of cuDNN's graphs: bias, then residual, then
 * leaky ReLU, whichever there are. Holds the plans that compute it faithfully, the fastest first as cuDNN expects; there may be none.
 *
 * @see <a href="https://docs.nvidia.com/deeplearning/cudnn/backend/latest/developer/graph-api.html">cuDNN's graph interface</a>
 */
public final class ConvolutionGraph implements AutoCloseable {
    private static final long X = 1;
    private static final long WEIGHT = 2;
    private static final long Y = 3;
    private static final long BIAS = 4;
    private static final long RESIDUAL = 5;
    private static final long FIRST_VIRTUAL = 10;

    private final HandleScope scope;
    private final CudnnHandle handle;
    private final Problem problem;
    private final List<ExecutionPlan> plans;

    /** Steps, distances of taps, and zeros around, in positions. */
    public record Window(
            long strideHeight,
            long strideWidth,
            long dilationHeight,
            long dilationWidth,
            long top,
            long left,
            long bottom,
            long right) {}

    /**
     * Extents of a channels-last picture, or of a weight that lies {@code [out, height, width, in]}.
     *
     * @param count pictures, or output channels
     */
    public record Extents(long count, long height, long width, long channels) {
        private long[] dimensions() {
            return new long[] {count, channels, height, width};
        }

        private long[] strides() {
            return new long[] {height * width * channels, 1, width * channels, channels};
        }
    }

    /**
     * What is computed.
     *
     * @param transposed whether it is the gradient of a convolution to its input; the weight lies {@code [in, height, width, out]} then
     * @param bias whether a number is added to each channel
     * @param residual whether a tensor like the result is added
     * @param slope of the leaky ReLU at the end; null where there is none
     * @param alignment of all addresses, bytes
     */
    public record Problem(
            TensorDescriptor.Elements elements,
            boolean transposed,
            Extents x,
            Extents weight,
            Extents y,
            Window window,
            boolean bias,
            boolean residual,
            @Nullable Float slope,
            long alignment) {}

    /** Addresses of the tensors; those that the problem does not have are not read. */
    public record Operands(long x, long weight, long bias, long residual, long y) {}

    private ConvolutionGraph(CudnnHandle handle, Problem problem, long workspaceBytes, int most) {
        this.handle = handle;
        this.problem = problem;
        try (HandleScope making = new HandleScope()) {
            plans = new Assembly(making).plans(workspaceBytes, most);
            scope = making.release();
        }
    }

    /**
     * Asks cuDNN for plans.
     *
     * @param workspaceBytes the most that a plan may work in
     * @param most plans to be made ready; each may take a while
     */
    public static ConvolutionGraph prepare(CudnnHandle handle, Problem problem, long workspaceBytes, int most) {
        return new ConvolutionGraph(handle, problem, workspaceBytes, most);
    }

    /** How many plans there are; none where cuDNN does not compute this. */
    public int plans() {
        return plans.size();
    }

    /** Bytes of device memory, aligned to 256, that a plan works in. */
    public long workspaceBytes(int plan) {
        return plans.get(plan).workspaceBytes();
    }

    /** A plan for tensors at these places. */
    public BoundConvolution bind(int plan, Operands operands, long workspace) {
        List<Long> numbers = new ArrayList<>(List.of(X, WEIGHT, Y));
        List<Long> pointers = new ArrayList<>(List.of(operands.x, operands.weight, operands.y));
        if (problem.bias) {
            numbers.add(BIAS);
            pointers.add(operands.bias);
        }
        if (problem.residual) {
            numbers.add(RESIDUAL);
            pointers.add(operands.residual);
        }
        return new BoundConvolution(
                handle,
                plans.get(plan),
                VariantPack.of(
                        handle.library(),
                        numbers.stream().mapToLong(Long::longValue).toArray(),
                        pointers.stream().mapToLong(Long::longValue).toArray(),
                        workspace));
    }

    @Override
    public void close() {
        scope.close();
    }

    /** The descriptors while they are made. */
    private final class Assembly {
        private final HandleScope made;
        private final Cudnn library = handle.library();
        private final List<BackendDescriptor> operations = new ArrayList<>();
        private int left;
        private long virtual = FIRST_VIRTUAL;

        Assembly(HandleScope made) {
            this.made = made;
            left = 1 + (problem.bias ? 1 : 0) + (problem.residual ? 1 : 0) + (problem.slope == null ? 0 : 1);
        }

        List<ExecutionPlan> plans(long workspaceBytes, int most) {
            try {
                OperationGraph graph = made.own(graph());
                List<ExecutionPlan> ready = new ArrayList<>();
                for (EngineConfiguration proposal : EngineHeuristics.proposals(library, graph, made)) {
                    if (ready.size() < most && proposal.isFaithful(problem.elements)) {
                        tryPlan(proposal, workspaceBytes, ready);
                    }
                }
                return List.copyOf(ready);
            } catch (CudnnException failure) {
                if (failure.isUnsupported()) {
                    return List.of();
                }
                throw failure;
            }
        }

        /** A proposal may still turn out not to suit this GPU, or to want more workspace than there is. */
        private void tryPlan(EngineConfiguration proposal, long workspaceBytes, List<ExecutionPlan> ready) {
            try {
                ExecutionPlan plan = made.own(ExecutionPlan.of(handle, proposal));
                if (plan.workspaceBytes() <= workspaceBytes) {
                    ready.add(plan);
                }
            } catch (CudnnException failure) {
                if (!failure.isUnsupported()) {
                    throw failure;
                }
            }
        }

        private OperationGraph graph() {
            TensorDescriptor x = tensor(X, problem.x);
            TensorDescriptor weight = tensor(WEIGHT, problem.weight);
            ConvolutionDescriptor convolution = made.own(ConvolutionDescriptor.of(library, problem.window));
            TensorDescriptor convolved = result();
            operations.add(made.own(
                    problem.transposed
                            ? ConvolutionOperation.transposed(library, convolution, x, weight, convolved)
                            : ConvolutionOperation.forward(library, convolution, x, weight, convolved)));
            TensorDescriptor last = convolved;
            if (problem.bias) {
                Extents channels = new Extents(1, 1, 1, problem.y.channels);
                last = then(PointwiseDescriptor.sum(library), last, tensor(BIAS, channels));
            }
            if (problem.residual) {
                last = then(PointwiseDescriptor.sum(library), last, tensor(RESIDUAL, problem.y));
            }
            if (problem.slope != null) {
                then(PointwiseDescriptor.leakyRelu(library, problem.slope), last, null);
            }
            return OperationGraph.of(handle, operations);
        }

        private TensorDescriptor then(PointwiseDescriptor what, TensorDescriptor x, @Nullable TensorDescriptor b) {
            made.own(what);
            TensorDescriptor y = result();
            operations.add(made.own(PointwiseOperation.of(library, what, x, b, y)));
            return y;
        }

        /** Of the next operation: the graph's result after the last one, else a tensor without memory. */
        private TensorDescriptor result() {
            left--;
            return left == 0
                    ? tensor(Y, problem.y)
                    : made.own(TensorDescriptor.virtual(
                            library,
                            virtual++,
                            TensorDescriptor.Elements.FLOAT32,
                            problem.y.dimensions(),
                            problem.y.strides(),
                            problem.alignment));
        }

        private TensorDescriptor tensor(long number, Extents extents) {
            return made.own(TensorDescriptor.of(
                    library, number, problem.elements, extents.dimensions(), extents.strides(), problem.alignment));
        }
    }
}
