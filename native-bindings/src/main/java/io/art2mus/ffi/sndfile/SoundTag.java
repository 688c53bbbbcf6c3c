package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_STR_ARTIST;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_STR_COMMENT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_STR_SOFTWARE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_STR_TITLE;

/** Texts that a sound file carries beside its samples. */
public enum SoundTag {
    /** What the sound is called. */
    TITLE(SF_STR_TITLE()),
    /** Who made it. */
    ARTIST(SF_STR_ARTIST()),
    /** The program that wrote the file. */
    SOFTWARE(SF_STR_SOFTWARE()),
    /** Anything else, such as how the sound was made. */
    COMMENT(SF_STR_COMMENT());

    private final int code;

    SoundTag(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
