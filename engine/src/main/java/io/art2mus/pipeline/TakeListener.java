package io.art2mus.pipeline;

import java.nio.file.Path;

/** Is told of each result as it is there, from the thread that generates. */
public interface TakeListener {
    /** Sounds are there, and stay until this returns. */
    void made(Take take);

    /** Nothing can come of this picture. Without a rethrow the others go on. */
    void failed(Path picture, RuntimeException failure);
}
