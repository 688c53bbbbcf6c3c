/**
 * Checkpoints of the published shapes with random values, for measuring what the published weights would cost without having them.
 * The networks that this program builds itself tell which parameters they want; the lists of all others stand here.
 */
@NullMarked
package io.art2mus.checkpoint;

import org.jspecify.annotations.NullMarked;
