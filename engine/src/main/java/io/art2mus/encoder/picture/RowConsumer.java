package io.art2mus.encoder.picture;

/** What takes a picture's rows as they are decoded. */
@FunctionalInterface
interface RowConsumer {
    /**
     * Takes one row as the file stores it.
     *
     * @param y position from the top of the stored picture; rows may come in any order, each of them once
     * @param rgb {@code [width, 3]}, reused for the next row and free to be changed
     */
    void row(int y, byte[] rgb);
}
