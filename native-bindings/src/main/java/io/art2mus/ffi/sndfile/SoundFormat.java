package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_FLAC;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_FLOAT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_MPEG;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_MPEG_LAYER_III;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_OGG;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_PCM_16;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_PCM_24;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_VORBIS;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FORMAT_WAV;

/** The containers and encodings that we write. Which of them this libsndfile can is {@link SoundFileLibrary#canWrite}. */
public enum SoundFormat {
    /** WAV, 16-bit integers. */
    WAV_PCM16("wav", SF_FORMAT_WAV() | SF_FORMAT_PCM_16()),
    /** WAV, 24-bit integers. */
    WAV_PCM24("wav", SF_FORMAT_WAV() | SF_FORMAT_PCM_24()),
    /** WAV, 32-bit floats, which may leave −1 … 1. */
    WAV_FLOAT("wav", SF_FORMAT_WAV() | SF_FORMAT_FLOAT()),
    /** FLAC, lossless over 16-bit integers. */
    FLAC_PCM16("flac", SF_FORMAT_FLAC() | SF_FORMAT_PCM_16()),
    /** FLAC, lossless over 24-bit integers. */
    FLAC_PCM24("flac", SF_FORMAT_FLAC() | SF_FORMAT_PCM_24()),
    /** Vorbis in Ogg, lossy. */
    OGG_VORBIS("ogg", SF_FORMAT_OGG() | SF_FORMAT_VORBIS()),
    /** MPEG layer III, lossy. Takes only MPEG's sample rates (16000 Hz is one). */
    MP3("mp3", SF_FORMAT_MPEG() | SF_FORMAT_MPEG_LAYER_III());

    private final String extension;
    private final int code;

    SoundFormat(String extension, int code) {
        this.extension = extension;
        this.code = code;
    }

    /** The usual ending of a file's name, without the dot. */
    public String extension() {
        return extension;
    }

    /** Container and encoding as {@code SF_INFO.format} has them. */
    int code() {
        return code;
    }
}
