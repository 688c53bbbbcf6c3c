package io.art2mus.encoder;

import io.art2mus.graph.HostTensor;
import java.lang.foreign.Arena;

/** A frozen network that reads texts. */
public sealed interface TextEncoder extends AutoCloseable permits ClapText, FlanT5 {
    /** What it makes of texts, owned by {@code arena}. */
    HostTensor encode(Arena arena, Tokens tokens);

    @Override
    void close();
}
