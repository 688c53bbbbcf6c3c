package io.art2mus.ffi.cuda;

import java.io.Serial;
import java.util.Locale;

/** The GPU has not as much free memory as was asked for. */
public final class DeviceMemoryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final double MEBIBYTE = 1 << 20;

    DeviceMemoryException(long asked, long free) {
        super(String.format(
                Locale.ROOT,
                "the GPU has no room for %.1f MiB more, %.1f MiB of its memory are free;"
                        + " try --precision f16, fewer candidates, a smaller --batch, or --device cpu",
                asked / MEBIBYTE,
                free / MEBIBYTE));
    }
}
