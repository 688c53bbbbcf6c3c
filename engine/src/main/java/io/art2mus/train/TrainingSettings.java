package io.art2mus.train;

import io.art2mus.pipeline.Variant;
import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * What a training is asked for, beside its data, checkpoint and machine. A {@link SettingsException} where a number is out of its bounds.
 *
 * @param batch items of a micro-batch, which go through the networks together
 * @param accumulate micro-batches of an update
 * @param learningRate where the warm-up ends
 * @param warmup updates
 * @param epochs how often every item is learned from, where {@code steps} is empty
 * @param steps updates in all
 * @param snrGamma min-SNR's γ; empty for the plain mean squared error
 * @param lossGuidance guidance of the prediction that the loss sees; empty for the wish's own prediction
 * @param largestNorm what gradients are clipped to
 * @param recompute whether activations of blocks are computed twice rather than kept
 * @param seed of the fresh layer, the split, the order, the noise and the timesteps
 */
public record TrainingSettings(
        Variant variant,
        int batch,
        int accumulate,
        double learningRate,
        LearningRateSchedule schedule,
        long warmup,
        int epochs,
        OptionalLong steps,
        OptionalDouble snrGamma,
        OptionalDouble lossGuidance,
        double weightDecay,
        double largestNorm,
        boolean recompute,
        long seed) {
    private static final int MOST_ITEMS = 4096;
    private static final int MOST_EPOCHS = 1_000_000;
    private static final long MOST_STEPS = 1_000_000_000;
    private static final double MOST = 1e6;
    private static final long SEEDS = 1L << 32;

    public TrainingSettings {
        if (!variant.takesPicture()) {
            throw new SettingsException("variant", "is " + variant + ", which has no image projection to train");
        }
        requireWhole("batch", batch, 1, MOST_ITEMS);
        requireWhole("accumulate", accumulate, 1, MOST_ITEMS);
        requireWhole("warmup", warmup, 0, MOST_STEPS);
        requireWhole("epochs", epochs, 1, MOST_EPOCHS);
        steps.ifPresent(count -> requireWhole("max-steps", count, 1, MOST_STEPS));
        requireWhole("seed", seed, 0, SEEDS - 1);
        requireAbove("lr", learningRate, 0);
        requireAbove("clip", largestNorm, 0);
        snrGamma.ifPresent(gamma -> requireAbove("snr-gamma", gamma, 0));
        lossGuidance.ifPresent(guidance -> requireAbove("loss-guidance", guidance, 1));
        if (!(weightDecay >= 0 && weightDecay <= 1)) {
            throw new SettingsException("weight-decay", "is " + weightDecay + ", expected 0 to 1");
        }
    }

    private static void requireWhole(String option, long number, long least, long most) {
        if (number < least || number > most) {
            throw new SettingsException(option, "is " + number + ", expected " + least + " to " + most);
        }
    }

    private static void requireAbove(String option, double number, double bound) {
        if (!(number > bound && number <= MOST)) {
            throw new SettingsException(
                    option, "is " + number + ", expected more than " + bound + " and at most " + MOST);
        }
    }

    /** Items that one update learns from. */
    public long itemsOfUpdate() {
        return (long) batch * accumulate;
    }

    /** Updates of the whole training on so many items. */
    public long updates(int items) {
        return steps.orElseGet(() -> Math.ceilDiv((long) epochs * items, itemsOfUpdate()));
    }

    /** The learning rate of the update that comes after {@code done} of them, on so many items. */
    public double rate(long done, int items) {
        return schedule.rate(learningRate, done, warmup, updates(items));
    }

    /**
     * What a training that goes on must be given again, by option. How long it lasts is part of it only where that changes what an earlier
     * update did.
     */
    public SequencedMap<String, String> described() {
        SequencedMap<String, String> described = new LinkedHashMap<>();
        described.put("--variant", variant.toString());
        described.put("--batch", Integer.toString(batch));
        described.put("--accumulate", Integer.toString(accumulate));
        described.put("--lr", Double.toString(learningRate));
        described.put("--schedule", schedule.toString());
        described.put("--warmup", Long.toString(warmup));
        if (schedule.dependsOnLength()) {
            described.put("--epochs", steps.isPresent() ? "overruled" : Integer.toString(epochs));
            described.put("--max-steps", steps.isPresent() ? Long.toString(steps.getAsLong()) : "not given");
        }
        described.put("--snr-gamma", orOff(snrGamma));
        described.put("--loss-guidance", orOff(lossGuidance));
        described.put("--weight-decay", Double.toString(weightDecay));
        described.put("--clip", Double.toString(largestNorm));
        described.put("--recompute", recompute ? "on" : "off");
        described.put("--seed", Long.toString(seed));
        return described;
    }

    private static String orOff(OptionalDouble number) {
        return number.isPresent() ? Double.toString(number.getAsDouble()) : "off";
    }
}
