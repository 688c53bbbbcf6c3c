package io.art2mus.backend.cuda;

import io.art2mus.graph.Op;
import io.art2mus.graph.TrainingOp;
import io.art2mus.graph.Value;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.Kernels;
import java.lang.foreign.Arena;

/** Turns each step of a plan into work of a {@link Program}. */
final class Lowering {
    private final Target target;
    private final Tensors tensors;
    private final Weights weights;
    private final Program program;
    private final Arena arena;
    private final DeviceArena scratch;
    private final Products products;
    private final Convolutions convolutions;
    private final Attentions attentions;
    private final Norms norms;
    private final Pointwise pointwise;
    private final Moves moves;
    private final TrainingSteps training;

    /**
     * Lowers nothing yet.
     *
     * @param arena of kernels' arguments
     * @param scratch device memory that single steps need for themselves
     */
    Lowering(Target target, Tensors tensors, Weights weights, Program program, Arena arena, DeviceArena scratch) {
        this.target = target;
        this.tensors = tensors;
        this.weights = weights;
        this.program = program;
        this.arena = arena;
        this.scratch = scratch;
        products = new Products(this);
        convolutions = new Convolutions(this);
        attentions = new Attentions(this, products);
        norms = new Norms(this);
        pointwise = new Pointwise(this);
        moves = new Moves(this);
        training = new TrainingSteps(this, products, attentions, norms, pointwise, moves);
    }

    void lower(Work work) {
        program.begin(work.node());
        switch (work) {
            case Work.Product product -> products.product(product);
            case Work.Convolution convolution -> convolutions.convolution(convolution);
            case Work.Norm norm -> norms.group(norm);
            case Work.NormBackward back -> norms.groupBackward(back);
            case Work.Single single -> lower(single.node().op(), single.result());
            case Work.Reserved _ -> {
                // The next step writes it.
            }
        }
    }

    private void lower(Op operation, Value result) {
        switch (operation) {
            case Op.Attention op -> attentions.attention(op, result);
            case Op.LayerNorm op -> norms.layer(op, result);
            case Op.Elementwise op -> pointwise.function(op, result);
            case Op.LeakyRelu op -> pointwise.leakyRelu(op.slope(), data(op.x()), result);
            case Op.Geglu op -> pointwise.geglu(op, result);
            case Op.Add op -> pointwise.add(op, result);
            case Op.Scale op -> pointwise.scale(op, result);
            case Op.Concat op -> moves.concat(op, result);
            case Op.Slice op -> moves.slice(op, result);
            case Op.UpsampleNearest op -> moves.upsample(op, result);
            case Op.SelectRow op -> moves.selectRow(op, result);
            case TrainingOp op -> training.lower(op, result);
            case Op.Linear _ -> throw fused(operation);
            case Op.Conv2d _ -> throw fused(operation);
            case Op.ConvTranspose2d _ -> throw fused(operation);
            case Op.GroupNorm _ -> throw fused(operation);
            case Op.Reshape _ -> throw fused(operation);
        }
    }

    static IllegalStateException fused(Op operation) {
        return new IllegalStateException(operation + " is never a step by itself");
    }

    Target target() {
        return target;
    }

    Weights weights() {
        return weights;
    }

    Tensors tensors() {
        return tensors;
    }

    Program program() {
        return program;
    }

    /** How real numbers are stored. */
    Elements elements() {
        return target.elements();
    }

    /** How the numbers of a tensor are stored. */
    Elements elements(Value value) {
        return Tensors.elements(value, elements());
    }

    Kernels kernels() {
        return target.kernels();
    }

    /** Where kernels' arguments are laid out for as long as the plan lives. */
    Arena arena() {
        return arena;
    }

    /** Address of device memory that one step needs beside its operands, for as long as the plan lives. */
    long allocate(long bytes) {
        return scratch.allocate(bytes).address();
    }

    /** Address of an operand row-major without gaps, be it an activation or a parameter that is read as one. */
    long data(Value value) {
        Value origin = tensors.origin(value);
        return weights.holds(origin) ? weights.address(origin, Layout.PLAIN) : tensors.address(origin);
    }

    /** Address of a vector as float32: scale or shift of a normalisation. */
    long floats(Value value) {
        Value origin = tensors.origin(value);
        if (weights.holds(origin)) {
            return weights.address(origin, Layout.FLOATS);
        }
        if (elements() == Elements.F32) {
            return tensors.address(origin);
        }
        long count = value.shape().elements();
        long converted = allocate(count * Float.BYTES);
        program.then(pointwise.converted(elements(), Elements.F32, count, tensors.address(origin), converted));
        return converted;
    }

    /** An operand as strided memory, be it a part of another tensor or one by itself. */
    Tensors.Strided strided(Value value) {
        return tensors.isView(value)
                ? tensors.view(value)
                : new Tensors.Strided(data(value), value.shape().strides());
    }
}
