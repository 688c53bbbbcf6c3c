package io.art2mus.encoder;

import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.onnxruntime.OrtEnvironment;
import io.art2mus.ffi.onnxruntime.SessionOptions;

/** What encoders run in: ONNX Runtime, with this many threads. It must be closed after them, by the thread that opened it. */
public final class EncoderRuntime implements AutoCloseable {
    private final OrtEnvironment environment;
    private final SessionOptions options;

    private EncoderRuntime(OrtEnvironment environment, SessionOptions options) {
        this.environment = environment;
        this.options = options;
    }

    /**
     * Opens the runtime; a {@link LibraryUnavailableException} where the library cannot be used.
     *
     * @param threads that one operation is spread over
     */
    public static EncoderRuntime open(int threads) {
        return new EncoderRuntime(OrtEnvironment.open(), new SessionOptions(threads, true));
    }

    OrtEnvironment environment() {
        return environment;
    }

    SessionOptions options() {
        return options;
    }

    @Override
    public void close() {
        environment.close();
    }
}
