package io.art2mus.ffi.onnxruntime;

/**
 * What a session may use.
 *
 * @param threads threads one operation runs on, the calling one included
 * @param prepacking whether matrices are repacked when the session opens: faster runs for a second copy of the weights
 */
public record SessionOptions(int threads, boolean prepacking) {
    public SessionOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("a session needs at least one thread, not " + threads);
        }
    }
}
