package io.art2mus.ffi.onednn;

import io.art2mus.ffi.generated.onednn.dnnl_h;
import java.util.Locale;

/** {@code dnnl_status_t}: what oneDNN answers with, and what a user can do about it. */
enum Status {
    OUT_OF_MEMORY(dnnl_h.dnnl_out_of_memory(), "use a smaller batch or free memory"),
    INVALID_ARGUMENTS(dnnl_h.dnnl_invalid_arguments(), "shapes, types or layouts do not fit together"),
    UNIMPLEMENTED(
            dnnl_h.dnnl_unimplemented(),
            "this combination of type, shape and layout has no implementation on this CPU"),
    LAST_IMPL_REACHED(dnnl_h.dnnl_last_impl_reached(), ""),
    RUNTIME_ERROR(dnnl_h.dnnl_runtime_error(), "run again with ONEDNN_VERBOSE=all for oneDNN's own account"),
    NOT_REQUIRED(dnnl_h.dnnl_not_required(), ""),
    INVALID_SHAPE(dnnl_h.dnnl_invalid_shape(), "shapes do not fit together"),
    INVALID_DATA_TYPE(dnnl_h.dnnl_invalid_data_type(), "data types do not fit together");

    private final int code;
    private final String remedy;

    Status(int code, String remedy) {
        this.code = code;
        this.remedy = remedy;
    }

    /** As the header spells it, with the remedy; an unknown code gets neither. */
    static OneDnnException exception(String call, int code, String context) {
        for (Status status : values()) {
            if (status.code == code) {
                String name = "dnnl_" + status.name().toLowerCase(Locale.ROOT);
                return new OneDnnException(call, code, name, context, status.remedy);
            }
        }
        return new OneDnnException(call, code, "unknown status", context, "");
    }
}
