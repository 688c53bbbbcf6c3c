package io.art2mus.backend.cuda;

import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cudnn.BoundConvolution;
import io.art2mus.ffi.cudnn.ConvolutionGraph;
import io.art2mus.ffi.cudnn.ConvolutionGraph.Extents;
import io.art2mus.graph.Op;
import io.art2mus.graph.Shape;
import io.art2mus.graph.Value;
import io.art2mus.graph.Window;
import io.art2mus.kernels.ConvolutionKernel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions by cuDNN with as much of what follows as it takes, the rest by kernels; all by our own kernel where cuDNN has no
 * engine for them.
 */
final class Convolutions {
    private static final long MOST_WORKSPACE = 64 << 20;

    /** What the widest loads of cuDNN's kernels want of an address; ours are multiples of 256. */
    private static final long ALIGNMENT = 16;

    /** Plans to choose from: each takes a while to be made ready. */
    private static final int MOST_PLANS = 4;

    private final Lowering lowering;

    Convolutions(Lowering lowering) {
        this.lowering = lowering;
    }

    /** What a convolution computes, whichever kind it is. */
    private record Problem(
            boolean transposed,
            Value x,
            Value weight,
            @Nullable Value bias,
            Window window,
            @Nullable Value residual,
            @Nullable Float slope,
            Value result) {
        static Problem of(Work.Convolution work) {
            return switch (work.node().op()) {
                case Op.Conv2d op ->
                    new Problem(
                            false,
                            op.x(),
                            op.weight(),
                            op.bias(),
                            op.window(),
                            work.residual(),
                            work.slope(),
                            work.result());
                case Op.ConvTranspose2d op ->
                    new Problem(
                            true,
                            op.x(),
                            op.weight(),
                            op.bias(),
                            op.window(),
                            work.residual(),
                            work.slope(),
                            work.result());
                default -> throw new IllegalStateException(work.node().op() + " is no convolution");
            };
        }
    }

    /** How much of what follows the convolution happens in cuDNN's graph. */
    private record Reach(boolean bias, boolean residual, boolean slope) {}

    void convolution(Work.Convolution work) {
        Problem problem = Problem.of(work);
        for (Reach reach : reaches(problem)) {
            ConvolutionGraph graph = lowering.program()
                    .own(ConvolutionGraph.prepare(
                            lowering.target().convolutions(), described(problem, reach), MOST_WORKSPACE, MOST_PLANS));
            if (graph.plans() > 0) {
                lowerByCudnn(problem, reach, graph);
                return;
            }
        }
        lowerByKernel(problem);
    }

    /** From all that is wanted down to the convolution alone. */
    private static List<Reach> reaches(Problem problem) {
        boolean bias = problem.bias != null;
        boolean residual = problem.residual != null;
        boolean slope = problem.slope != null;
        List<Reach> reaches = new ArrayList<>();
        reaches.add(new Reach(bias, residual, slope));
        if (slope) {
            reaches.add(new Reach(bias, residual, false));
        }
        if (residual) {
            reaches.add(new Reach(bias, false, false));
        }
        if (bias) {
            reaches.add(new Reach(false, false, false));
        }
        return reaches;
    }

    private ConvolutionGraph.Problem described(Problem problem, Reach reach) {
        Shape weight = problem.weight.shape();
        Window window = problem.window;
        return new ConvolutionGraph.Problem(
                lowering.target().tensorElements(),
                problem.transposed,
                picture(problem.x),
                new Extents(weight.extent(0), weight.extent(2), weight.extent(3), weight.extent(1)),
                picture(problem.result),
                new ConvolutionGraph.Window(
                        window.strideHeight(),
                        window.strideWidth(),
                        window.dilationHeight(),
                        window.dilationWidth(),
                        window.top(),
                        window.left(),
                        window.bottom(),
                        window.right()),
                reach.bias,
                reach.residual,
                reach.slope ? problem.slope : null,
                ALIGNMENT);
    }

    private static Extents picture(Value value) {
        Shape shape = value.shape();
        return new Extents(shape.extent(0), shape.extent(1), shape.extent(2), shape.extent(3));
    }

    private void lowerByCudnn(Problem problem, Reach reach, ConvolutionGraph graph) {
        Program program = lowering.program();
        long result = lowering.data(problem.result);
        ConvolutionGraph.Operands operands = new ConvolutionGraph.Operands(
                lowering.data(problem.x),
                weight(problem, Layout.CHANNELS_LAST),
                problem.bias == null ? 0 : lowering.data(problem.bias),
                problem.residual == null ? 0 : lowering.data(problem.residual),
                result);
        String question = "convolution " + described(problem, reach);
        int plan = lowering.target().choices().fastest(question, new Plans(graph, operands));
        program.thenCall(graph.workspaceBytes(plan), workspace -> {
            BoundConvolution bound = program.own(graph.bind(plan, operands, workspace));
            return bound::enqueue;
        });
        Pointwise rest = new Pointwise(lowering);
        if (problem.bias != null && !reach.bias) {
            rest.addInPlace(problem.result, problem.bias, List.of(0L, 0L, 0L, 1L));
        }
        if (problem.residual != null && !reach.residual) {
            rest.addInPlace(
                    problem.result, problem.residual, problem.result.shape().strides());
        }
        if (problem.slope != null && !reach.slope) {
            rest.leakyRelu(problem.slope, result, problem.result);
        }
    }

    private void lowerByKernel(Problem problem) {
        Shape x = problem.x.shape();
        Shape y = problem.result.shape();
        Shape weight = problem.weight.shape();
        Window window = problem.window;
        ConvolutionKernel.Shape shape = new ConvolutionKernel.Shape(
                Math.toIntExact(x.extent(0)),
                Math.toIntExact(x.extent(1)),
                Math.toIntExact(x.extent(2)),
                Math.toIntExact(x.last()),
                Math.toIntExact(y.extent(1)),
                Math.toIntExact(y.extent(2)),
                Math.toIntExact(y.last()),
                Math.toIntExact(weight.extent(2)),
                Math.toIntExact(weight.extent(3)),
                window.strideHeight(),
                window.strideWidth(),
                window.top(),
                window.left(),
                window.dilationHeight(),
                window.dilationWidth(),
                problem.transposed);
        lowering.program()
                .then(ConvolutionKernel.forward(
                        lowering.kernels(),
                        lowering.arena(),
                        lowering.elements(),
                        shape,
                        lowering.data(problem.x),
                        weight(problem, problem.transposed ? Layout.FIRST_LAST : Layout.CHANNELS_LAST),
                        problem.bias == null ? 0 : lowering.data(problem.bias),
                        problem.residual == null ? 0 : lowering.data(problem.residual),
                        lowering.data(problem.result)));
        if (problem.slope != null) {
            new Pointwise(lowering).leakyRelu(problem.slope, lowering.data(problem.result), problem.result);
        }
    }

    /** Turned once where it is a parameter, in every run where it is computed. */
    private long weight(Problem problem, Layout layout) {
        if (lowering.weights().holds(problem.weight)) {
            return lowering.weights().address(problem.weight, layout);
        }
        return new Moves(lowering).turned(problem.weight, layout.axes());
    }

    private record Plans(ConvolutionGraph graph, ConvolutionGraph.Operands operands) implements Choices.Candidates {
        @Override
        public int count() {
            return graph.plans();
        }

        @Override
        public long workspaceBytes(int candidate) {
            return graph.workspaceBytes(candidate);
        }

        @Override
        public void enqueue(CudaStream stream, int candidate, long workspace) {
            try (BoundConvolution bound = graph.bind(candidate, operands, workspace)) {
                bound.enqueue();
            }
        }
    }
}
