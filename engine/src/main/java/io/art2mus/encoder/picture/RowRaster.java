package io.art2mus.encoder.picture;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;

/**
 * A raster as large as a picture that holds a single row of it: what a decoder writes row after row is handed on when the
 * row is complete. It is how a picture that does not fit into memory is decoded in one pass.
 */
final class RowRaster extends WritableRaster {
    private final WritableRaster row;
    private final RasterRowConsumer consumer;

    /** What takes the rows. */
    @FunctionalInterface
    interface RasterRowConsumer {
        /**
         * Takes one row.
         *
         * @param y position from the top
         * @param row one row high, at y = 0; reused
         */
        void row(int y, Raster row);
    }

    /**
     * @param oneRow layout of one row: as wide as the picture, one high
     * @param height of the picture, pixels
     * @param consumer takes each row when its last pixel was written
     */
    RowRaster(SampleModel oneRow, int height, RasterRowConsumer consumer) {
        this(Raster.createWritableRaster(oneRow, new Point()), height, consumer);
    }

    private RowRaster(WritableRaster row, int height, RasterRowConsumer consumer) {
        super(row.getSampleModel(), row.getDataBuffer(), new Rectangle(row.getWidth(), height), new Point(), null);
        this.row = row;
        this.consumer = consumer;
    }

    @Override
    public void setRect(int dx, int dy, Raster source) {
        for (int y = 0; y < source.getHeight(); y++) {
            row.setRect(
                    dx,
                    -source.getMinY() - y,
                    source.createChild(
                            source.getMinX(),
                            source.getMinY() + y,
                            source.getWidth(),
                            1,
                            source.getMinX(),
                            source.getMinY() + y,
                            null));
            consumer.row(dy + source.getMinY() + y, row);
        }
    }

    @Override
    public void setPixel(int x, int y, int[] samples) {
        row.setPixel(x, 0, samples);
        if (x == width - 1) {
            consumer.row(y, row);
        }
    }

    @Override
    public void setDataElements(int x, int y, int w, int h, Object data) {
        if (h != 1) {
            throw new IllegalArgumentException("rows come one at a time, not " + h);
        }
        row.setDataElements(x, 0, w, 1, data);
        consumer.row(y, row);
    }
}
