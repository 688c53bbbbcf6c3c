/** Native libraries behind thin owned layers. The generated bindings are reachable from here alone. */
module io.art2mus.ffi {
    requires static transitive org.jspecify;

    exports io.art2mus.ffi;
    exports io.art2mus.ffi.onnxruntime;
    exports io.art2mus.ffi.sndfile;
    exports io.art2mus.ffi.onednn;
}
