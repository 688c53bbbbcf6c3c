/**
 * What every native layer stands on: owned handles, their scope, library search, the cache of extracted files, and typed
 * errors. One sub-package a library.
 */
@NullMarked
package io.art2mus.ffi;

import org.jspecify.annotations.NullMarked;
