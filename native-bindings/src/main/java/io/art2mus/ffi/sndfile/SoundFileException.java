package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_MALFORMED_FILE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_NO_ERROR;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_SYSTEM;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_UNRECOGNISED_FORMAT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_UNSUPPORTED_ENCODING;

import io.art2mus.ffi.NativeException;
import java.io.Serial;
import java.nio.file.Path;

/** A call of libsndfile that failed, with the file it was about. */
public final class SoundFileException extends NativeException {
    @Serial
    private static final long serialVersionUID = 1;

    SoundFileException(String call, int code, Path file, String text) {
        super(call, code, name(code), file + ": " + text, remedy(code));
    }

    private static String name(int code) {
        if (code == SF_ERR_NO_ERROR()) {
            return "SF_ERR_NO_ERROR";
        } else if (code == SF_ERR_UNRECOGNISED_FORMAT()) {
            return "SF_ERR_UNRECOGNISED_FORMAT";
        } else if (code == SF_ERR_SYSTEM()) {
            return "SF_ERR_SYSTEM";
        } else if (code == SF_ERR_MALFORMED_FILE()) {
            return "SF_ERR_MALFORMED_FILE";
        } else if (code == SF_ERR_UNSUPPORTED_ENCODING()) {
            return "SF_ERR_UNSUPPORTED_ENCODING";
        }
        // The header names no others; the text says what they mean.
        return "internal error";
    }

    private static String remedy(int code) {
        if (code == SF_ERR_UNRECOGNISED_FORMAT()) {
            return "is this a sound file (WAV, FLAC, Ogg, MP3)?";
        } else if (code == SF_ERR_MALFORMED_FILE()) {
            return "the file is damaged: get it again";
        } else if (code == SF_ERR_UNSUPPORTED_ENCODING()) {
            return "convert it to WAV, FLAC or Ogg";
        }
        return "";
    }
}
