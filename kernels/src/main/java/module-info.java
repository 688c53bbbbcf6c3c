/** CUDA kernels of our own: their sources and typed launchers. */
module io.art2mus.kernels {
    requires transitive io.art2mus.ffi;
    requires static transitive org.jspecify;

    exports io.art2mus.kernels;
}
