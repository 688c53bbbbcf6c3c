/** Where the time goes, from recorded events. */
@NullMarked
package io.art2mus.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
