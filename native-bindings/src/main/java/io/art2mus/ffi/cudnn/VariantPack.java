package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_VARIANT_PACK_WORKSPACE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR;

/** Where the tensors of a graph lie in device memory. */
final class VariantPack extends BackendDescriptor {
    private VariantPack(Cudnn library) {
        super(library, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR());
    }

    static VariantPack of(Cudnn library, long[] numbers, long[] pointers, long workspace) {
        VariantPack pack = new VariantPack(library);
        return finalised(pack, () -> {
            pack.setLongs(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS(), numbers);
            pack.setDevicePointers(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS(), pointers);
            pack.setDevicePointers(CUDNN_ATTR_VARIANT_PACK_WORKSPACE(), workspace);
        });
    }
}
