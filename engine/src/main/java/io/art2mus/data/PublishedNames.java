package io.art2mus.data;

/**
 * What stands before the names in the published tables and embeddings of Art2Mus. It is where their authors kept the files, and means
 * nothing elsewhere.
 */
final class PublishedNames {
    private static final String PICTURES = "imagesf2/";
    private static final String MUSIC = "fma-dataset-100k-music-wav-files/fma_large/";

    private PublishedNames() {}

    /** A picture's own name. */
    static String ofPicture(String name) {
        return after(name, PICTURES);
    }

    /** A track's own name. */
    static String ofMusic(String name) {
        return after(name, MUSIC);
    }

    private static String after(String name, String place) {
        int at = name.lastIndexOf(place);
        return at < 0 ? name : name.substring(at + place.length());
    }
}
