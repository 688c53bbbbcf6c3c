package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;

/** The role of a memory object in an execution ({@code DNNL_ARG_…}). */
public record Argument(int id, String name) {
    public static final Argument SRC = new Argument(dnnl_h.DNNL_ARG_SRC(), "src");
    /** The second operand of a binary operation. */
    public static final Argument SRC_1 = new Argument(dnnl_h.DNNL_ARG_SRC_1(), "src_1");

    public static final Argument WEIGHTS = new Argument(dnnl_h.DNNL_ARG_WEIGHTS(), "weights");
    public static final Argument BIAS = new Argument(dnnl_h.DNNL_ARG_BIAS(), "bias");
    public static final Argument DST = new Argument(dnnl_h.DNNL_ARG_DST(), "dst");
    public static final Argument SCALE = new Argument(dnnl_h.DNNL_ARG_SCALE(), "scale");
    public static final Argument SHIFT = new Argument(dnnl_h.DNNL_ARG_SHIFT(), "shift");
    /** Means of what was normalised together. */
    public static final Argument MEAN = new Argument(dnnl_h.DNNL_ARG_MEAN(), "mean");
    /** Variances of what was normalised together, epsilon not added. */
    public static final Argument VARIANCE = new Argument(dnnl_h.DNNL_ARG_VARIANCE(), "variance");
    /** The gradient to the result: what comes back. */
    public static final Argument DIFF_DST = new Argument(dnnl_h.DNNL_ARG_DIFF_DST(), "diff_dst");
    /** The gradient to the source: what is passed back. */
    public static final Argument DIFF_SRC = new Argument(dnnl_h.DNNL_ARG_DIFF_SRC(), "diff_src");

    public static final Argument SCRATCHPAD = new Argument(dnnl_h.DNNL_ARG_SCRATCHPAD(), "scratchpad");

    /** Source {@code index} of a concatenation or a sum, counted from 0. */
    public static Argument source(int index) {
        return new Argument(dnnl_h.DNNL_ARG_MULTIPLE_SRC() + index, "src[" + index + "]");
    }

    /** The operand of the binary post-op at {@code index} of the chain, counted from 0 over all post-ops. */
    public static Argument postOpOperand(int index) {
        return new Argument(
                dnnl_h.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE() * (index + 1) | dnnl_h.DNNL_ARG_SRC_1(),
                "post-op[" + index + "]");
    }

    @Override
    public String toString() {
        return name;
    }
}
