package io.art2mus.checkpoint;

/**
 * Sizes of an ImageBind, which has no configuration.
 *
 * @param embedding width of the joint space
 * @param vocabulary of the text tower
 * @see <a href="https://arxiv.org/abs/2305.05665">Girdhar et al. 2023, section 3.3</a>
 */
public record ImageBindSizes(
        int embedding, int vocabulary, Tower vision, Tower text, Tower audio, Tower depth, Tower thermal, Tower imu) {
    /** Of the published {@code imagebind_huge.pth}. */
    static final ImageBindSizes HUGE = new ImageBindSizes(
            1024,
            49_408,
            new Tower(1280, 32, 16),
            new Tower(1024, 24, 16),
            new Tower(768, 12, 12),
            new Tower(384, 12, 8),
            new Tower(768, 12, 12),
            new Tower(512, 6, 8));

    /**
     * One transformer.
     *
     * @param width of its states
     * @param blocks how many follow each other
     * @param heads of every attention
     */
    public record Tower(int width, int blocks, int heads) {}
}
