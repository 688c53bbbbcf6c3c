package io.art2mus.ffi.tokenizers;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Properties;

/** A text-to-ids mapping as a {@code tokenizer.json} describes it, without padding. */
public final class FastTokenizer extends NativeHandle {
    private static final String VERSION_FILE = "/native/lib/tokenizers.properties";

    private final int addedTokens;

    private FastTokenizer(long handle, int addedTokens) {
        super(MemorySegment.ofAddress(handle));
        this.addedTokens = addedTokens;
    }

    /** Whether the library can be used in this process; looked up once. */
    public static LibraryStatus status() {
        return Lookup.STATUS;
    }

    /**
     * Builds the tokenizer.
     *
     * @param json the whole of a {@code tokenizer.json}, free of contradictions: at some of them, such as a template with
     *     an unknown token, the library ends the process
     * @throws LibraryUnavailableException where there is no library
     * @throws TokenizerException where the description is refused
     */
    public static FastTokenizer parse(String json) {
        status().require(NativeLibrary.TOKENIZERS);
        long handle = create(json);
        try {
            TokenizersLibrary.LIB.disablePadding(handle);
            TokenizersLibrary.LIB.disableTruncation(handle);
            return new FastTokenizer(handle, encode(handle, "", true).length);
        } catch (Throwable refusal) {
            TokenizersLibrary.LIB.deleteTokenizer(handle);
            throw refusal;
        }
    }

    private static long create(String json) {
        try {
            return TokenizersLibrary.LIB.createTokenizerFromString(json);
        } catch (RuntimeException refusal) {
            throw new TokenizerException(refusal);
        }
    }

    /** Tokens that are put around every text, such as an end token. */
    public int addedTokens() {
        return addedTokens;
    }

    /** Ids of a text's own tokens alone. */
    public long[] encodeBare(String text) {
        TokenizersLibrary.LIB.disableTruncation(handle());
        return encode(handle(), text, false);
    }

    /**
     * Ids of a text with the tokens put around it; of a longer text the last ones of its own are left out.
     *
     * @param most ids at most, {@link #addedTokens} or more
     */
    public long[] encode(String text, int most) {
        if (most < addedTokens) {
            throw new IllegalArgumentException("a text has at least " + addedTokens + " tokens, not " + most);
        }
        TokenizersLibrary.LIB.setTruncation(handle(), most, "LONGEST_FIRST", 0);
        return encode(handle(), text, true);
    }

    private static long[] encode(long handle, String text, boolean withAddedTokens) {
        try {
            long encoding = TokenizersLibrary.LIB.encode(handle, text, withAddedTokens);
            try {
                return TokenizersLibrary.LIB.getTokenIds(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } catch (RuntimeException refusal) {
            throw new TokenizerException(refusal);
        }
    }

    private long handle() {
        return address().address();
    }

    @Override
    protected void destroy() {
        TokenizersLibrary.LIB.deleteTokenizer(handle());
    }

    private static String carriedVersion() {
        try (InputStream in = TokenizersLibrary.class.getResourceAsStream(VERSION_FILE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "of unknown version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static final class Lookup {
        static final LibraryStatus STATUS =
                LibrarySearch.ofProcess().probe(NativeLibrary.TOKENIZERS, FastTokenizer::carriedVersion);
    }
}
