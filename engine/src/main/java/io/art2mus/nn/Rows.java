package io.art2mus.nn;

import io.art2mus.graph.GraphBuilder;
import io.art2mus.graph.ShapeException;
import io.art2mus.graph.Value;
import java.util.Collections;

/** The items of a batch, along the outermost axis. */
public final class Rows {
    private Rows() {}

    /**
     * {@code x} as often as fills so many rows: all of it, then all of it again. What comes before is so computed once
     * for all copies.
     *
     * @param x {@code [N, …]}
     * @param rows N, and then the result is {@code x} itself, or a multiple of it
     * @return {@code [rows, …]}
     * @throws ShapeException where {@code rows} is no multiple of N
     */
    public static Value repeated(GraphBuilder at, Value x, long rows) {
        long own = x.shape().extent(0);
        if (rows % own != 0) {
            throw new ShapeException(x.shape() + " cannot be repeated to " + rows + " rows");
        }
        return rows == own ? x : at.concat(0, Collections.nCopies(Math.toIntExact(rows / own), x));
    }
}
