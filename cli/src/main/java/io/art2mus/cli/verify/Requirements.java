package io.art2mus.cli.verify;

import io.art2mus.cli.verify.Verification.LeftOut;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cudnn.Cudnn;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What must be there before a GPU can be verified, and what may be missing. */
final class Requirements {
    private Requirements() {}

    /**
     * The GPU of that ordinal.
     *
     * @throws VerificationException where it, or a library that computes on it, is missing: all of it in one line
     */
    static CudaDevice gpu(int ordinal) {
        List<String> missing = new ArrayList<>();
        note(missing, NativeLibrary.CUDA_DRIVER, Cuda.status());
        note(missing, NativeLibrary.CUBLASLT, CublasLt.status());
        note(missing, NativeLibrary.CUDNN, Cudnn.status());
        if (!missing.isEmpty()) {
            throw new VerificationException("no GPU can be verified on this machine: " + String.join(". ", missing));
        }
        List<CudaDevice> devices = Cuda.load().devices();
        if (ordinal >= devices.size()) {
            throw new VerificationException("there is no cuda:" + ordinal + ", the driver shows " + devices.size()
                    + "; art2mus doctor lists them");
        }
        return devices.get(ordinal);
    }

    private static void note(List<String> missing, NativeLibrary library, LibraryStatus status) {
        if (status instanceof LibraryStatus.Unavailable(String reason, String remedy)) {
            missing.add(library.title() + ": " + reason + "; " + remedy);
        }
    }

    /** Tags of tests that need something that this copy of art2mus came without. */
    static List<LeftOut> leftOut() {
        List<LeftOut> tags = new ArrayList<>();
        tags.add(new LeftOut("emulated", "they test the emulated device"));
        if (!OneDnn.status().available()) {
            tags.add(new LeftOut("onednn", "oneDNN is not in this package"));
        }
        if (!OnnxRuntime.status().available()) {
            tags.add(new LeftOut("onnxruntime", "ONNX Runtime is not in this package"));
        }
        if (!Files.isDirectory(Path.of(System.getProperty("art2mus.home", ""), "models", "mini"))) {
            tags.add(new LeftOut("mini", "the small model is not in this package"));
        }
        return tags;
    }
}
