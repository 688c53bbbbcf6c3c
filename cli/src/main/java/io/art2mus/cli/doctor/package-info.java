/** {@code art2mus doctor}: what this machine has, found out first and printed second. */
@NullMarked
package io.art2mus.cli.doctor;

import org.jspecify.annotations.NullMarked;
