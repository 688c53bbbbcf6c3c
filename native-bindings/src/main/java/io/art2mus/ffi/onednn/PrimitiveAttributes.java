package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What can be asked of a primitive beyond its operation ({@code dnnl_primitive_attr_t}). The scratchpad is always the
 * caller's, so that one buffer serves every primitive of a plan, and float32 products are float32 throughout.
 *
 * @param postOps applied in order to the result
 */
public record PrimitiveAttributes(List<PostOp> postOps) {
    /** No post-ops, no rounding. */
    public static final PrimitiveAttributes PLAIN = new PrimitiveAttributes(List.of());

    public PrimitiveAttributes {
        postOps = List.copyOf(postOps);
    }

    /** Only post-ops, applied in order. */
    public static PrimitiveAttributes of(PostOp... postOps) {
        return new PrimitiveAttributes(List.of(postOps));
    }

    /** The native form, which a primitive descriptor copies. */
    Native open() {
        Native attributes = new Native(Check.handle(
                "dnnl_primitive_attr_create", out -> dnnl_h.dnnl_primitive_attr_create(out), () -> "attributes"));
        try {
            attributes.fill(this);
            return attributes;
        } catch (Throwable failure) {
            attributes.close();
            throw failure;
        }
    }

    /** Owns the attributes while a primitive descriptor is made. */
    static final class Native extends OneDnnHandle {
        private Native(MemorySegment handle) {
            super(handle);
        }

        private void fill(PrimitiveAttributes wanted) {
            Check.status(
                    "dnnl_primitive_attr_set_scratchpad_mode",
                    dnnl_h.dnnl_primitive_attr_set_scratchpad_mode(address(), dnnl_h.dnnl_scratchpad_mode_user()));
            // Said though it is the default: an environment variable may change that.
            Check.status(
                    "dnnl_primitive_attr_set_fpmath_mode",
                    dnnl_h.dnnl_primitive_attr_set_fpmath_mode(address(), dnnl_h.dnnl_fpmath_mode_strict()));
            if (!wanted.postOps().isEmpty()) {
                try (NativePostOps chain = NativePostOps.of(wanted.postOps())) {
                    Check.status(
                            "dnnl_primitive_attr_set_post_ops",
                            dnnl_h.dnnl_primitive_attr_set_post_ops(address(), chain.handle()));
                }
            }
        }

        @Override
        protected void destroy() {
            Check.status("dnnl_primitive_attr_destroy", dnnl_h.dnnl_primitive_attr_destroy(address()));
        }
    }
}
