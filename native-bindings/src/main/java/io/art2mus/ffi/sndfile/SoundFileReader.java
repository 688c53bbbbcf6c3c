package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.C_FLOAT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFM_READ;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_close;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_get_string;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_readf_float;

import io.art2mus.ffi.NativeHandle;
import io.art2mus.ffi.generated.sndfile.SF_INFO;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A sound file being read, front to back. */
public final class SoundFileReader extends NativeHandle {
    private final SoundFileLibrary library;
    private final Path file;
    private final int sampleRate;
    private final int channels;
    private final long claimedFrames;

    private SoundFileReader(SoundFileLibrary library, Path file, MemorySegment info, MemorySegment handle) {
        super(handle);
        this.library = library;
        this.file = file;
        this.sampleRate = SF_INFO.samplerate(info);
        this.channels = SF_INFO.channels(info);
        this.claimedFrames = SF_INFO.frames(info);
    }

    /**
     * Opens a file of any format that libsndfile reads.
     *
     * @throws SoundFileException when there is none, or it is no sound file
     */
    public static SoundFileReader open(SoundFileLibrary library, Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = SF_INFO.allocate(arena);
            MemorySegment handle = library.open(file, SFM_READ(), info);
            return new SoundFileReader(library, file, info, handle);
        }
    }

    /** Frames a second, Hz. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Samples a frame, 1 … 1024. */
    public int channels() {
        return channels;
    }

    /** How many frames the header claims. The file is untrusted: read in blocks, do not allocate by this number alone. */
    public long claimedFrames() {
        return claimedFrames;
    }

    /** A text that the file carries. */
    public Optional<String> tag(SoundTag tag) {
        MemorySegment text = sf_get_string(address(), tag.code());
        // Some containers answer an empty text where there is none.
        return text.equals(MemorySegment.NULL)
                ? Optional.empty()
                : Optional.of(text.getString(0)).filter(present -> !present.isEmpty());
    }

    /**
     * Reads the next frames; integers are scaled to −1 … 1.
     *
     * @param samples overwritten, {@code [frames, channels]}, float32 in native order, off heap
     * @param frames how many at most
     * @return how many were read; 0 at the end
     * @throws SoundFileException when the file breaks off or is damaged
     */
    public long read(MemorySegment samples, long frames) {
        Objects.checkFromIndexSize(0, Math.multiplyExact(frames, channels * C_FLOAT.byteSize()), samples.byteSize());
        long read = sf_readf_float(address(), samples, frames);
        if (read != frames) {
            library.checkFile("sf_readf_float", address(), file);
        }
        return read;
    }

    @Override
    protected void destroy() {
        library.check("sf_close", sf_close(address()), file);
    }
}
