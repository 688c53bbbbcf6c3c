package io.art2mus.backend.reference;

import io.art2mus.graph.Op;
import java.util.ArrayList;
import java.util.List;

/** {@link Op.GroupNorm} and {@link Op.LayerNorm}: zero mean, unit variance (divided by the count), scale and shift. */
final class Normalisations {
    private Normalisations() {}

    static Tensor groupNorm(Tensor x, Tensor scale, Tensor shift, Op.GroupNorm op) {
        Tensor y = Tensor.zeros(op.result());
        for (int[] members : groups(x, op)) {
            normalise(x, members, scale, shift, op.epsilon(), y);
        }
        return y;
    }

    static Tensor layerNorm(Tensor x, Tensor scale, Tensor shift, Op.LayerNorm op) {
        Tensor y = Tensor.zeros(op.result());
        for (int[] members : rows(x)) {
            normalise(x, members, scale, shift, op.epsilon(), y);
        }
        return y;
    }

    /** Positions of the elements that are normalised together: a group of channels of one picture. */
    static List<int[]> groups(Tensor x, Op.GroupNorm op) {
        List<int[]> groups = new ArrayList<>();
        int positions = x.extent(1) * x.extent(2);
        int channels = x.extent(3);
        int groupWidth = channels / op.groups();
        for (int n = 0; n < x.extent(0); n++) {
            for (int group = 0; group < op.groups(); group++) {
                int[] members = new int[positions * groupWidth];
                for (int i = 0; i < members.length; i++) {
                    int position = i / groupWidth;
                    int channel = group * groupWidth + i % groupWidth;
                    members[i] = (n * positions + position) * channels + channel;
                }
                groups.add(members);
            }
        }
        return groups;
    }

    /** The same for rows of channels. */
    static List<int[]> rows(Tensor x) {
        List<int[]> rows = new ArrayList<>();
        int channels = x.extent(-1);
        for (int row = 0; row < x.data().length / channels; row++) {
            int[] members = new int[channels];
            for (int channel = 0; channel < channels; channel++) {
                members[channel] = row * channels + channel;
            }
            rows.add(members);
        }
        return rows;
    }

    /** The channel of each member is its position modulo the channels. */
    private static void normalise(Tensor x, int[] members, Tensor scale, Tensor shift, double epsilon, Tensor y) {
        Moments moments = Moments.of(x, members, epsilon);
        for (int member : members) {
            int channel = member % x.extent(-1);
            y.data()[member] = moments.normalised(x.data()[member]) * scale.data()[channel] + shift.data()[channel];
        }
    }

    /** Mean of some elements, and the root of their variance plus epsilon. */
    record Moments(double mean, double deviation) {
        static Moments of(Tensor x, int[] members, double epsilon) {
            double mean = 0;
            for (int member : members) {
                mean += x.data()[member] / members.length;
            }
            double variance = 0;
            for (int member : members) {
                double difference = x.data()[member] - mean;
                variance += difference * difference / members.length;
            }
            return new Moments(mean, Math.sqrt(variance + epsilon));
        }

        double normalised(double element) {
            return (element - mean) / deviation;
        }
    }
}
