package io.art2mus.ffi.sndfile;

import java.util.List;

/**
 * A container that this build of libsndfile writes, in libsndfile's own words.
 *
 * @param name such as {@code FLAC (Free Lossless Audio Codec)}
 * @param extension usual ending of a file's name, without the dot
 * @param encodings such as {@code Signed 16 bit PCM}
 */
public record WritableFormat(String name, String extension, List<String> encodings) {}
