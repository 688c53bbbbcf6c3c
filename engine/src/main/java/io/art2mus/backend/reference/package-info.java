/**
 * The judge of the other backends: every operation as its definition reads, in double precision on the Java heap. Slow and
 * obvious on purpose; it shares no arithmetic with what it judges.
 */
@NullMarked
package io.art2mus.backend.reference;

import org.jspecify.annotations.NullMarked;
