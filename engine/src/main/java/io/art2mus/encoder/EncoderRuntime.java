package io.art2mus.encoder;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.onednn.OneDnn;
import io.art2mus.ffi.onnxruntime.OnnxRuntime;
import io.art2mus.ffi.onnxruntime.OrtEnvironment;
import io.art2mus.weights.UnusedListener;
import java.util.OptionalInt;

/** What encoders run in: ONNX Runtime, with this many threads. It must be closed after them, by the thread that opened it. */
public final class EncoderRuntime implements AutoCloseable {
    private final OrtEnvironment environment;
    private final int threads;
    private final OptionalInt gpu;
    private final UnusedListener listener;

    private EncoderRuntime(OrtEnvironment environment, int threads, OptionalInt gpu, UnusedListener listener) {
        this.environment = environment;
        this.threads = threads;
        this.gpu = gpu;
        this.listener = listener;
    }

    /**
     * Opens the runtime; a {@link LibraryUnavailableException} where the library cannot be used.
     *
     * @param threads that one operation is spread over
     * @param gpu where the rest is computed, by its number: encoders are computed there too by a library that can; empty for the CPU
     * @param listener told of the parameters that each encoder leaves unused
     */
    public static EncoderRuntime open(int threads, OptionalInt gpu, UnusedListener listener) {
        OrtEnvironment environment = OrtEnvironment.open();
        return new EncoderRuntime(environment, threads, OnnxRuntime.hasCuda() ? gpu : OptionalInt.empty(), listener);
    }

    /** {@link #open(int, OptionalInt, UnusedListener)} on the CPU, where nobody asks. */
    public static EncoderRuntime open(int threads) {
        return open(threads, OptionalInt.empty(), UnusedListener.NONE);
    }

    /** What computes the encoders, as keys of what is kept have it. */
    public String device() {
        return gpu.isPresent()
                ? "cuda:" + gpu.getAsInt()
                : OneDnn.instructionSet().text();
    }

    OptionalInt gpu() {
        return gpu;
    }

    OrtEnvironment environment() {
        return environment;
    }

    UnusedListener listener() {
        return listener;
    }

    /** That one operation is spread over. */
    public int threads() {
        return threads;
    }

    @Override
    public void close() {
        environment.close();
    }
}
