package io.art2mus.diffusion;

import io.art2mus.graph.HostTensor;
import java.io.Serial;

/** NaN or infinity where a finite value is due. */
public final class NonFiniteException extends ArithmeticException {
    @Serial
    private static final long serialVersionUID = 1;

    NonFiniteException(HostTensor latents, long position) {
        super("latents " + latents.shape() + " became " + latents.get(position) + " at position " + position
                + ": the network's output is of no use; are the checkpoint's weights finite?");
    }
}
