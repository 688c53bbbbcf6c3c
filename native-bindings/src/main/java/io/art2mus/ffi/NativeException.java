package io.art2mus.ffi;

import java.io.Serial;

/** A native call that answered with an error status: which call, the code with its name, the library's text, and what to do. */
public abstract class NativeException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String call;
    private final int code;

    /**
     * @param call native function, as its header spells it
     * @param code the status it returned
     * @param name the status code's name in the header
     * @param text the library's own words, without a line break
     * @param remedy what the user can do, or an empty string where only a bug report helps
     */
    protected NativeException(String call, int code, String name, String text, String remedy) {
        super(call + " failed: " + name + " (" + code + ")" + (text.isEmpty() ? "" : ", " + text)
                + (remedy.isEmpty() ? "" : "; " + remedy));
        this.call = call;
        this.code = code;
    }

    /** The native function that failed. */
    public final String call() {
        return call;
    }

    /** The status it returned. */
    public final int code() {
        return code;
    }
}
