/** Native libraries behind thin owned layers. The generated bindings are reachable from here alone. */
module io.art2mus.ffi {
    requires ai.djl.tokenizers;
    requires static transitive org.jspecify;

    exports io.art2mus.ffi.cublas;
    exports io.art2mus.ffi.cublaslt;
    exports io.art2mus.ffi.cuda;
    exports io.art2mus.ffi.cudnn;
    exports io.art2mus.ffi.nvrtc;
    exports io.art2mus.ffi.nvtx;
    exports io.art2mus.ffi.onednn;
    exports io.art2mus.ffi.onnxruntime;
    exports io.art2mus.ffi.sndfile;
    exports io.art2mus.ffi.tokenizers;
    exports io.art2mus.ffi;
}
