package io.art2mus.ffi;

import java.util.List;
import java.util.Locale;

/**
 * The native libraries, what they are called on disk, and how to get them. A file can be named by the property
 * {@code art2mus.library.NAME} or the variable {@code ART2MUS_LIBRARY_NAME}, where NAME is the constant's name (in lower
 * case for the property); the value is the library or the folder that holds it.
 */
public enum NativeLibrary {
    /** The OpenMP runtime that oneDNN computes with. Its thread count is set before primitives are made. */
    OPENMP("libgomp", "libgomp.so.1", Home.CARRIED),
    /** CPU primitives. */
    ONEDNN("oneDNN", "libdnnl.so.3", Home.CARRIED),
    /** Runs the frozen encoders. */
    ONNXRUNTIME("ONNX Runtime", "libonnxruntime.so", Home.CARRIED),
    /** Turns texts into the ids that the encoders take. */
    TOKENIZERS("Hugging Face tokenizers", "libtokenizers.so", Home.CARRIED),
    /** Reads and writes sound files. */
    SNDFILE("libsndfile", "libsndfile.so.1", Home.SYSTEM),
    /** The CUDA driver API, which comes with the GPU's driver and with nothing else. */
    CUDA_DRIVER("CUDA driver", "libcuda.so.1", Home.DRIVER),
    /** The CUDA runtime, which cuBLAS and cuDNN stand on. */
    CUDA_RUNTIME("CUDA runtime", "libcudart.so.13", Home.CUDA),
    /** Compiles CUDA C++ at run time. */
    NVRTC("NVRTC", "libnvrtc.so.13", Home.CUDA),
    /** Matrix products with epilogues. */
    CUBLASLT("cuBLASLt", "libcublasLt.so.13", Home.CUDA),
    /** Matrix products. */
    CUBLAS("cuBLAS", "libcublas.so.13", Home.CUDA),
    /** Convolutions. */
    CUDNN("cuDNN", "libcudnn.so.9", Home.CUDA),
    /** Ranges of time under names, for NVIDIA's profilers. */
    NVTX("NVTX", "libnvtx3interop.so.1", Home.CUDA);

    /** Where a library comes from. */
    enum Home {
        CARRIED,
        SYSTEM,
        DRIVER,
        CUDA
    }

    private final String title;
    private final String fileName;
    private final Home home;

    NativeLibrary(String title, String fileName, Home home) {
        this.title = title;
        this.fileName = fileName;
        this.home = home;
    }

    /** What its makers call it. */
    public String title() {
        return title;
    }

    /** The system property that names its file or folder. */
    public String property() {
        return "art2mus.library." + name().toLowerCase(Locale.ROOT);
    }

    /** The environment variable that names its file or folder. */
    public String variable() {
        return "ART2MUS_LIBRARY_" + name();
    }

    String fileName() {
        return fileName;
    }

    Home home() {
        return home;
    }

    /** Libraries that must be in the process before this one, so that it finds ours and not another copy. */
    List<NativeLibrary> needs() {
        return switch (this) {
            case ONEDNN -> List.of(OPENMP);
            case CUBLAS -> List.of(CUBLASLT);
            default -> List.of();
        };
    }

    /** File names beside it that it opens by name while it works, and that are loaded first: a glob, or empty. */
    String companions() {
        return this == NVRTC ? "libnvrtc-builtins.so.*" : "";
    }

    String remedy() {
        return switch (home) {
            case CARRIED ->
                "set " + UserCache.VARIABLE + " to a folder of your own on a file system that allows execution";
            case SYSTEM -> "install it (Debian, Ubuntu: apt-get install libsndfile1)";
            case DRIVER -> "install NVIDIA's driver, version 580 or newer";
            case CUDA ->
                this == CUDNN
                        ? "install cuDNN 9 for CUDA 13 and name its folder in " + variable()
                        : "install the CUDA 13 toolkit and name its folder in CUDA_HOME";
        };
    }
}
