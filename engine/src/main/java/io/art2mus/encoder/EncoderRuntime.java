package io.art2mus.encoder;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.onnxruntime.OrtEnvironment;
import io.art2mus.weights.UnusedListener;

/** What encoders run in: ONNX Runtime, with this many threads. It must be closed after them, by the thread that opened it. */
public final class EncoderRuntime implements AutoCloseable {
    private final OrtEnvironment environment;
    private final int threads;
    private final UnusedListener listener;

    private EncoderRuntime(OrtEnvironment environment, int threads, UnusedListener listener) {
        this.environment = environment;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Opens the runtime; a {@link LibraryUnavailableException} where the library cannot be used.
     *
     * @param threads that one operation is spread over
     * @param listener told of the parameters that each encoder leaves unused
     */
    public static EncoderRuntime open(int threads, UnusedListener listener) {
        return new EncoderRuntime(OrtEnvironment.open(), threads, listener);
    }

    /** {@link #open(int, UnusedListener)} where nobody asks. */
    public static EncoderRuntime open(int threads) {
        return open(threads, UnusedListener.NONE);
    }

    OrtEnvironment environment() {
        return environment;
    }

    UnusedListener listener() {
        return listener;
    }

    int threads() {
        return threads;
    }

    @Override
    public void close() {
        environment.close();
    }
}
