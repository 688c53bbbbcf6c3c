package io.art2mus.train;

import io.art2mus.data.Item;
import io.art2mus.data.ItemSet;
import io.art2mus.diffusion.TorchRandom;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;

/**
 * The micro-batches of a training, without end. Number m has the items m·batch, m·batch + 1, … of one epoch's order after the other, and
 * its latents, noise and timesteps are drawn for it alone: what it holds follows from the seed and m, whatever was filled before. To be
 * used by one thread.
 */
final class MicroBatches {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final ItemSet items;
    private final NoiseLoss loss;
    private final long seed;
    private final HostTensor normal;
    private final HostTensor latents;
    private final HostTensor noise;
    private int[] order = {};
    private int orderedEpoch = -1;

    /**
     * Micro-batches of {@code batch} items.
     *
     * @param latent shape of one item's latents, {@code [1, H, W, C]}
     * @param arena owner of memory that is filled again and again; to be shared by threads
     */
    MicroBatches(ItemSet items, NoiseLoss loss, int batch, Shape latent, long seed, Arena arena) {
        this.items = items;
        this.loss = loss;
        this.seed = seed;
        normal = HostTensor.allocate(arena, latent);
        latents = HostTensor.allocate(arena, latent.with(0, batch));
        noise = HostTensor.allocate(arena, latent.with(0, batch));
    }

    /** Overwrites {@code microBatch} with number {@code m}. */
    void fill(long m, MicroBatch microBatch) {
        // Consecutive seeds of one training never meet; those of two trainings begin far apart.
        TorchRandom random = TorchRandom.seeded(((seed * MULTIPLIER) >>> Integer.SIZE) + m);
        for (int n = 0; n < microBatch.items(); n++) {
            Item item = item(m * microBatch.items() + n);
            microBatch.embeddings().rows(n, 1).data().copyFrom(item.embedding().data());
            microBatch.names()[n] =
                    item.pair().picture() + " with " + item.pair().music();
            random.normal(normal);
            item.sample(normal, latents.rows(n, 1));
            microBatch.timesteps()[n] = random.below(loss.schedule().config().trainTimesteps());
        }
        random.normal(noise);
        loss.noise(latents, noise, microBatch.timesteps(), microBatch.noised());
        loss.target(latents, noise, microBatch.timesteps(), microBatch.target());
    }

    private Item item(long number) {
        int epoch = Math.toIntExact(number / items.size());
        if (epoch != orderedEpoch) {
            order = items.order(seed, epoch);
            orderedEpoch = epoch;
        }
        return items.get(order[(int) (number % items.size())]);
    }
}
