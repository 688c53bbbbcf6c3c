package io.art2mus.encoder;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.onnxruntime.OrtEnvironment;

/** What encoders run in: ONNX Runtime, with this many threads. It must be closed after them, by the thread that opened it. */
public final class EncoderRuntime implements AutoCloseable {
    private final OrtEnvironment environment;
    private final int threads;

    private EncoderRuntime(OrtEnvironment environment, int threads) {
        this.environment = environment;
        this.threads = threads;
    }

    /**
     * Opens the runtime; a {@link LibraryUnavailableException} where the library cannot be used.
     *
     * @param threads that one operation is spread over
     */
    public static EncoderRuntime open(int threads) {
        return new EncoderRuntime(OrtEnvironment.open(), threads);
    }

    OrtEnvironment environment() {
        return environment;
    }

    int threads() {
        return threads;
    }

    @Override
    public void close() {
        environment.close();
    }
}
