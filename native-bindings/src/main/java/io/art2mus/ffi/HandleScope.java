package io.art2mus.ffi;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Owns resources and closes them last-in first-out. An arena closes its first registration first, so nothing that
 * depends on another resource may rely on arena order; it relies on this scope.
 *
 * <p>A failure to close does not keep the rest open: the first one is thrown at the end, later ones are suppressed into
 * it. {@link #close()} is idempotent.
 *
 * <p>An object that is made in several steps collects what it owns in a scope of a try-with-resources statement, and keeps
 * {@link #release()} as the last step: whatever is thrown before closes what was made so far.
 */
public final class HandleScope implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /** An open scope that owns nothing yet. */
    public HandleScope() {}

    /** Takes ownership of {@code resource} and returns it. A scope that is already closed closes it and refuses. */
    public <T extends AutoCloseable> T own(T resource) {
        open.push(resource);
        if (closed) {
            closed = false;
            close();
            throw new IllegalStateException("handle scope is closed");
        }
        return resource;
    }

    /** Hands everything over to a new scope, in the same order, and owns nothing any more. */
    public HandleScope release() {
        HandleScope heir = new HandleScope();
        heir.open.addAll(open);
        open.clear();
        return heir;
    }

    @Override
    public void close() {
        closed = true;
        RuntimeException first = null;
        while (!open.isEmpty()) {
            first = closeOne(open.pop(), first);
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable RuntimeException closeOne(AutoCloseable resource, @Nullable RuntimeException first) {
        try {
            resource.close();
            return first;
        } catch (Exception failure) {
            RuntimeException unchecked = failure instanceof RuntimeException runtime
                    ? runtime
                    : new IllegalStateException("close failed: " + failure.getMessage(), failure);
            if (first == null) {
                return unchecked;
            }
            first.addSuppressed(unchecked);
            return first;
        }
    }
}
