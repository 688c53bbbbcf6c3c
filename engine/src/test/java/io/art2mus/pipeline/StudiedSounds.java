package io.art2mus.pipeline;

import java.util.List;

/**
 * Sounds of one sampler setting: for every picture in turn, its draws of noise.
 *
 * @param draws of noise for each picture
 * @param calls of the T-UNet for each sound
 * @param spectrograms log-mel, natural logarithm, of one length
 * @param similarities cosines of ImageBind's embeddings between each sound and every picture
 */
record StudiedSounds(int draws, int calls, List<float[]> spectrograms, List<double[]> similarities) {
    /** Decibels of a factor e. */
    private static final double DECIBELS = 20 / Math.log(10);

    /** Log-mel distance in dB, root mean square, between each sound here and its counterpart of the same noise and picture. */
    double distanceTo(StudiedSounds other) {
        double sum = 0;
        for (int sound = 0; sound < spectrograms.size(); sound++) {
            sum += distance(spectrograms.get(sound), other.spectrograms.get(sound));
        }
        return sum / spectrograms.size();
    }

    /** The same between sounds of one picture and different noise; NaN where there is one draw. */
    double distanceBetweenDraws() {
        return distanceWhere(true);
    }

    /** The same between sounds of one noise and different pictures. */
    double distanceBetweenPictures() {
        return distanceWhere(false);
    }

    private double distanceWhere(boolean samePicture) {
        double sum = 0;
        int pairs = 0;
        for (int first = 0; first < spectrograms.size(); first++) {
            for (int second = 0; second < first; second++) {
                boolean picture = first / draws == second / draws;
                boolean noise = first % draws == second % draws;
                if (picture == samePicture && noise != samePicture) {
                    sum += distance(spectrograms.get(first), spectrograms.get(second));
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    /** Of all pairs of sounds of two pictures, the share in which ImageBind tells which sound belongs to which picture. */
    double rankedRight() {
        int right = 0;
        int pairs = 0;
        for (int first = 0; first < similarities.size(); first++) {
            for (int second = 0; second < first; second++) {
                int one = first / draws;
                int other = second / draws;
                if (one != other) {
                    double straight =
                            similarities.get(first)[one] + similarities.get(second)[other];
                    double crossed =
                            similarities.get(first)[other] + similarities.get(second)[one];
                    right += straight > crossed ? 1 : 0;
                    pairs++;
                }
            }
        }
        return (double) right / pairs;
    }

    /** Mean cosine between a sound and its own picture. */
    double similarity() {
        double sum = 0;
        for (int sound = 0; sound < similarities.size(); sound++) {
            sum += similarities.get(sound)[sound / draws];
        }
        return sum / similarities.size();
    }

    private static double distance(float[] first, float[] second) {
        double squares = 0;
        for (int i = 0; i < first.length; i++) {
            double difference = (double) first[i] - second[i];
            squares += difference * difference;
        }
        return DECIBELS * Math.sqrt(squares / first.length);
    }
}
