package io.art2mus.train;

import io.art2mus.data.Item;
import io.art2mus.data.ItemSet;
import io.art2mus.diffusion.TorchRandom;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How well a layer does on items it does not learn from, at fixed timesteps and with fixed noise, so that losses of different moments and
 * different trainings compare.
 */
public final class Evaluation {
    /** The timesteps that are told apart. */
    public static final List<Integer> TIMESTEPS = List.of(10, 50, 100, 250, 500, 800);

    /** Of more items a mean hardly differs, and each takes six runs of the network. */
    private static final int MOST_ITEMS = 16;

    private final List<Item> items;
    private final NoiseLoss loss;
    private final MicroBatch microBatch;
    private final HostTensor zeros;
    private final HostTensor latents;
    private final HostTensor noise;

    /**
     * Mean squared errors, unweighted.
     *
     * @param byTimestep mean over the items at each of {@link #TIMESTEPS}
     */
    public record Losses(SequencedMap<Integer, Double> byTimestep) {
        /** Mean over all timesteps. */
        public double mean() {
            return byTimestep.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }
    }

    /**
     * The first items of a set, which must not be empty.
     *
     * @param batch items that the trainer takes at a time
     * @param latent shape of one item's latents, {@code [1, H, W, C]}
     * @param arena owner of memory that is filled again and again
     */
    Evaluation(ItemSet items, NoiseLoss loss, int batch, Shape latent, Arena arena) {
        this.items = IntStream.range(0, Math.min(MOST_ITEMS, items.size()))
                .mapToObj(items::get)
                .toList();
        this.loss = loss;
        microBatch = MicroBatch.allocate(
                arena, batch, this.items.getFirst().embedding().shape().last(), latent);
        zeros = HostTensor.allocate(arena, latent);
        latents = HostTensor.allocate(arena, latent.with(0, batch));
        noise = HostTensor.allocate(arena, latent.with(0, batch));
    }

    /** The losses with the weights as they are. */
    Losses losses(ProjectionTrainer trainer) {
        SequencedMap<Integer, Double> sums = new TreeMap<>();
        int batch = microBatch.items();
        for (int first = 0; first < items.size(); first += batch) {
            fill(first);
            int count = Math.min(batch, items.size() - first);
            for (int timestep : TIMESTEPS) {
                Arrays.fill(microBatch.timesteps(), timestep);
                loss.noise(latents, noise, microBatch.timesteps(), microBatch.noised());
                loss.target(latents, noise, microBatch.timesteps(), microBatch.target());
                float[] each = trainer.losses(microBatch);
                for (int n = 0; n < count; n++) {
                    sums.merge(timestep, (double) each[n] / items.size(), Double::sum);
                }
            }
        }
        return new Losses(sums);
    }

    /** Places that are left over in the last batch hold its last item again. */
    private void fill(int first) {
        for (int n = 0; n < microBatch.items(); n++) {
            int index = Math.min(first + n, items.size() - 1);
            Item item = items.get(index);
            microBatch.embeddings().rows(n, 1).data().copyFrom(item.embedding().data());
            item.sample(zeros, latents.rows(n, 1));
            TorchRandom.seeded(index).normal(noise.rows(n, 1));
        }
    }
}
