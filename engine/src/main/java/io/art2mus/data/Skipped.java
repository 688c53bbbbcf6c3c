package io.art2mus.data;

import java.nio.file.Path;

/**
 * A file that cannot be used. The pairs it belongs to are left out.
 *
 * @param reason one line that names the file, says what is wrong and what to do
 */
public record Skipped(Path file, String reason) {}
