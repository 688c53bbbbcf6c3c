package io.art2mus.train;

/**
 * What losses are multiplied by, and gradients divided by in the end, so that what passes back in between is neither lost below float16's
 * smallest number nor beyond its largest. A power of two, found by trial: as PyTorch's {@code GradScaler}, but that an update whose
 * gradients overflow is made again with half of it.
 *
 * @param factor 1 where nothing is multiplied
 * @param updates how many there were since it was last changed
 * @see <a href="https://arxiv.org/abs/1710.03740">Micikevicius et al. 2018, section 3.2</a>
 */
public record LossScale(double factor, int updates) {
    /** For storage types that need none. */
    public static final LossScale NONE = new LossScale(1, 0);

    /** Where a training begins that needs one. */
    public static final LossScale FIRST = new LossScale(1 << 16, 0);

    private static final double LARGEST = 1 << 24;
    private static final int UPDATES_UNTIL_DOUBLED = 2000;

    public LossScale {
        if (!(factor >= 1 && factor <= LARGEST) || Math.scalb(1.0, Math.getExponent(factor)) != factor || updates < 0) {
            throw new IllegalArgumentException(factor + " after " + updates + " updates is no loss scale");
        }
    }

    /** Whether there is a smaller one that gradients may fit into. */
    boolean canShrink() {
        return factor > 2;
    }

    /** After gradients that overflowed. */
    LossScale halved() {
        return new LossScale(factor / 2, 0);
    }

    /** After an update that was made. */
    LossScale afterUpdate() {
        if (equals(NONE)) {
            return this;
        }
        return updates + 1 < UPDATES_UNTIL_DOUBLED
                ? new LossScale(factor, updates + 1)
                : new LossScale(Math.min(2 * factor, LARGEST), 0);
    }
}
