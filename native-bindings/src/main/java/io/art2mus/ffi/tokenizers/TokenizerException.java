package io.art2mus.ffi.tokenizers;

import java.io.Serial;

/** The tokenizer's description or a text was refused; the message is the library's own words, in one line. */
public final class TokenizerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    TokenizerException(RuntimeException refusal) {
        super(String.valueOf(refusal.getMessage()).replaceAll("\\s+", " ").strip(), refusal);
    }
}
