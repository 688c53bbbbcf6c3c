/** Tests of {@code art2mus doctor}. */
@NullMarked
package io.art2mus.cli.doctor;

import org.jspecify.annotations.NullMarked;
