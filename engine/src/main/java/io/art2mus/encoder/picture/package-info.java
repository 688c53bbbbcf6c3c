/**
 * From a picture file nobody vouches for to what ImageBind's vision tower reads: decoded in bounded memory, turned upright,
 * resized as Pillow does, cropped, normalised.
 */
@NullMarked
package io.art2mus.encoder.picture;

import org.jspecify.annotations.NullMarked;
