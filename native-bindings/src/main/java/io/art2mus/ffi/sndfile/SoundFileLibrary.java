package io.art2mus.ffi.sndfile;

import static io.art2mus.ffi.generated.sndfile.sndfile_h.C_INT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_GET_FORMAT_MAJOR;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_GET_FORMAT_MAJOR_COUNT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_GET_FORMAT_SUBTYPE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SFC_GET_FORMAT_SUBTYPE_COUNT;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_ERR_NO_ERROR;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.SF_TRUE;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_command;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_error;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_error_number;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_format_check;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_open;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_strerror;
import static io.art2mus.ffi.generated.sndfile.sndfile_h.sf_version_string;

import io.art2mus.ffi.LibrarySearch;
import io.art2mus.ffi.LibraryStatus;
import io.art2mus.ffi.LibraryUnavailableException;
import io.art2mus.ffi.NativeLibrary;
import io.art2mus.ffi.generated.sndfile.SF_FORMAT_INFO;
import io.art2mus.ffi.generated.sndfile.SF_INFO;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** libsndfile, 1.1 or newer, once it is loaded. May be shared between threads; the files it opens may not. */
public final class SoundFileLibrary {
    private static final String OLDEST = "1.1";
    private static final String VERSION_PREFIX = "libsndfile-";

    private static final LibraryStatus STATUS = LibrarySearch.ofProcess()
            .probe(
                    NativeLibrary.SNDFILE,
                    () -> supportedVersion(sf_version_string().getString(0)));
    private static final SoundFileLibrary LOADED = new SoundFileLibrary();

    private SoundFileLibrary() {}

    /** Whether libsndfile can be used here; loads it when asked first. */
    public static LibraryStatus status() {
        return STATUS;
    }

    /**
     * The loaded library.
     *
     * @throws LibraryUnavailableException with the reason and the remedy
     */
    public static SoundFileLibrary load() {
        STATUS.require(NativeLibrary.SNDFILE);
        return LOADED;
    }

    /** As {@code 1.2.0}. */
    public String version() {
        return STATUS.require(NativeLibrary.SNDFILE).version();
    }

    /** Whether this build writes {@code format} at {@code sampleRate} (Hz) with so many channels. */
    public boolean canWrite(SoundFormat format, int sampleRate, int channels) {
        try (Arena arena = Arena.ofConfined()) {
            return sf_format_check(info(arena, format.code(), sampleRate, channels)) == SF_TRUE();
        }
    }

    /** Every container with the encodings that this build writes into it (as stereo of 44100 Hz). */
    public List<WritableFormat> writableFormats() {
        try (Arena arena = Arena.ofConfined()) {
            List<WritableFormat> formats = new ArrayList<>();
            for (Named container : list(arena, SFC_GET_FORMAT_MAJOR_COUNT(), SFC_GET_FORMAT_MAJOR())) {
                List<String> encodings = list(arena, SFC_GET_FORMAT_SUBTYPE_COUNT(), SFC_GET_FORMAT_SUBTYPE()).stream()
                        .filter(encoding ->
                                sf_format_check(info(arena, container.code | encoding.code, 44100, 2)) == SF_TRUE())
                        .map(Named::name)
                        .toList();
                if (!encodings.isEmpty()) {
                    formats.add(new WritableFormat(container.name, container.extension, encodings));
                }
            }
            return formats;
        }
    }

    /** Opens a file; the answer is never NULL. {@code info} is {@code SF_INFO}, read or filled according to mode. */
    synchronized MemorySegment open(Path file, int mode, MemorySegment info) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = sf_open(arena.allocateFrom(file.toString(), fileNameCharset()), mode, info);
            if (handle.equals(MemorySegment.NULL)) {
                // The error of a failed open is one variable of the whole process, hence the lock.
                throw failure("sf_open", sf_error(MemorySegment.NULL), file, sf_strerror(MemorySegment.NULL));
            }
            return handle;
        }
    }

    /** The one place where a status of this library becomes an exception. */
    void check(String call, int code, Path file) {
        if (code != SF_ERR_NO_ERROR()) {
            throw failure(call, code, file, sf_error_number(code));
        }
    }

    /** As {@link #check}, for calls whose status and text the open file keeps. */
    void checkFile(String call, MemorySegment handle, Path file) {
        int code = sf_error(handle);
        if (code != SF_ERR_NO_ERROR()) {
            throw failure(call, code, file, sf_strerror(handle));
        }
    }

    static MemorySegment info(Arena arena, int format, int sampleRate, int channels) {
        MemorySegment info = SF_INFO.allocate(arena);
        SF_INFO.format(info, format);
        SF_INFO.samplerate(info, sampleRate);
        SF_INFO.channels(info, channels);
        return info;
    }

    private static SoundFileException failure(String call, int code, Path file, MemorySegment text) {
        return new SoundFileException(
                call, code, file, text.getString(0).strip().replaceAll("\\.$", ""));
    }

    /** The charset in which this JVM gives file names to the system. */
    private static Charset fileNameCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    /** The number in libsndfile's version text, where we support it. */
    static String supportedVersion(String text) {
        String version = text.replace(VERSION_PREFIX, "");
        if (Version.parse(version).compareTo(Version.parse(OLDEST)) < 0) {
            throw new LibraryUnavailableException(
                    NativeLibrary.SNDFILE,
                    "version " + version + " is not supported",
                    "install version " + OLDEST + " or newer and name it in " + NativeLibrary.SNDFILE.variable());
        }
        return version;
    }

    private static List<Named> list(Arena arena, int countCommand, int itemCommand) {
        MemorySegment count = arena.allocate(C_INT);
        sf_command(MemorySegment.NULL, countCommand, count, (int) C_INT.byteSize());
        List<Named> items = new ArrayList<>();
        for (int i = 0; i < count.get(C_INT, 0); i++) {
            MemorySegment item = SF_FORMAT_INFO.allocate(arena);
            SF_FORMAT_INFO.format(item, i);
            sf_command(MemorySegment.NULL, itemCommand, item, (int) SF_FORMAT_INFO.sizeof());
            MemorySegment extension = SF_FORMAT_INFO.extension(item);
            items.add(new Named(
                    SF_FORMAT_INFO.format(item),
                    SF_FORMAT_INFO.name(item).getString(0),
                    extension.equals(MemorySegment.NULL) ? "" : extension.getString(0)));
        }
        return items;
    }

    private record Named(int code, String name, String extension) {}
}
