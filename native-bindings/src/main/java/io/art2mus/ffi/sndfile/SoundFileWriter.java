package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.C_FLOAT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_SET_ADD_PEAK_CHUNK;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_SET_CLIPPING;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFM_WRITE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_SYSTEM;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_FALSE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_TRUE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_close;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_command;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_set_string;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_writef_float;

import io.art2mus.ffi.NativeHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A sound file being written. The header is complete only after {@link #close()}, which can fail too (a full disk):
 * write beside and rename after closing.
 */
public final class SoundFileWriter extends NativeHandle {
    private final SoundFileLibrary library;
    private final Path file;
    private final int channels;

    private SoundFileWriter(SoundFileLibrary library, Path file, int channels, MemorySegment handle) {
        super(handle);
        this.library = library;
        this.file = file;
        this.channels = channels;
    }

    /**
     * Creates the file, or truncates the one that is there. Samples beyond −1 … 1 are clipped where the encoding has
     * integers. The bytes depend on the samples and tags alone (but an Ogg stream's number is random).
     *
     * @param sampleRate Hz
     * @throws SoundFileException when the file cannot be created, or this build cannot write such a file
     */
    public static SoundFileWriter create(
            SoundFileLibrary library, Path file, SoundFormat format, int sampleRate, int channels) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = SoundFileLibrary.info(arena, format.code(), sampleRate, channels);
            MemorySegment handle = library.open(file, SFM_WRITE(), info);
            sf_command(handle, SFC_SET_CLIPPING(), MemorySegment.NULL, SF_TRUE());
            // The chunk holds the time of writing.
            sf_command(handle, SFC_SET_ADD_PEAK_CHUNK(), MemorySegment.NULL, SF_FALSE());
            return new SoundFileWriter(library, file, channels, handle);
        }
    }

    /** Sets a text; must come before the first frames. Containers that have no place for it refuse it. */
    public void tag(SoundTag tag, String text) {
        try (Arena arena = Arena.ofConfined()) {
            library.check("sf_set_string", sf_set_string(address(), tag.code(), arena.allocateFrom(text)), file);
        }
    }

    /**
     * Appends frames.
     *
     * @param samples {@code [frames, channels]}, float32 in native order, off heap
     * @throws SoundFileException when they cannot all be written
     */
    public void write(MemorySegment samples, long frames) {
        Objects.checkFromIndexSize(0, Math.multiplyExact(frames, channels * C_FLOAT.byteSize()), samples.byteSize());
        long written = sf_writef_float(address(), samples, frames);
        if (written != frames) {
            library.checkFile("sf_writef_float", address(), file);
            throw new SoundFileException(
                    "sf_writef_float", SF_ERR_SYSTEM(), file, "wrote " + written + " of " + frames + " frames");
        }
    }

    @Override
    protected void destroy() {
        library.check("sf_close", sf_close(address()), file);
    }
}
