package io.art2mus.ffi;

import java.io.Serial;

/** A native library that something needs is absent, broken, or of a version that is not supported. */
public final class LibraryUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String reason;
    private final String remedy;

    /**
     * @param library what is needed
     * @param reason why it cannot be used, in one line
     * @param remedy what to do, in one line
     */
    public LibraryUnavailableException(NativeLibrary library, String reason, String remedy) {
        super(library.title() + " cannot be used: " + reason + "; " + remedy);
        this.reason = reason;
        this.remedy = remedy;
    }

    /** The same as an answer. */
    LibraryStatus.Unavailable status() {
        return new LibraryStatus.Unavailable(reason, remedy);
    }
}
