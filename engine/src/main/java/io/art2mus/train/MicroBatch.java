package io.art2mus.train;

import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** Room for what one micro-batch of N items is computed from; filled again and again. */
public final class MicroBatch {
    private final HostTensor embeddings;
    private final HostTensor noised;
    private final HostTensor target;
    private final int[] timesteps;
    private final String[] names;

    private MicroBatch(HostTensor embeddings, HostTensor noised, HostTensor target, int[] timesteps, String[] names) {
        this.embeddings = embeddings;
        this.noised = noised;
        this.target = target;
        this.timesteps = timesteps;
        this.names = names;
    }

    /**
     * Zeros, owned by {@code arena}.
     *
     * @param width of a picture's embedding
     * @param latents of one item, {@code [1, H, W, C]}
     */
    public static MicroBatch allocate(Arena arena, int items, long width, Shape latents) {
        Shape batch = latents.with(0, items);
        String[] names = new String[items];
        Arrays.fill(names, "unnamed");
        return new MicroBatch(
                HostTensor.allocate(arena, Shape.of(items, width)),
                HostTensor.allocate(arena, batch),
                HostTensor.allocate(arena, batch),
                new int[items],
                names);
    }

    /** Of the pictures, {@code [N, width]}. */
    public HostTensor embeddings() {
        return embeddings;
    }

    /** Latents with noise, {@code [N, H, W, C]}. */
    public HostTensor noised() {
        return noised;
    }

    /** What the network should answer, of the same shape. */
    public HostTensor target() {
        return target;
    }

    /** N of them, to be overwritten in place. */
    public int[] timesteps() {
        return timesteps;
    }

    /** N of them, to be overwritten in place: where an error says the items come from. */
    public String[] names() {
        return names;
    }

    /** How many items it has. */
    public int items() {
        return timesteps.length;
    }
}
