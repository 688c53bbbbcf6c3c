package io.art2mus.backend.reference;

import io.art2mus.graph.Op;

/** {@link Op.GroupNorm} and {@link Op.LayerNorm}: zero mean, unit variance (divided by the count), scale and shift. */
final class Normalisations {
    private Normalisations() {}

    static Tensor groupNorm(Tensor x, Tensor scale, Tensor shift, Op.GroupNorm op) {
        Tensor y = Tensor.zeros(op.result());
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
                normalise(x, members, scale, shift, op.epsilon(), y);
            }
        }
        return y;
    }

    static Tensor layerNorm(Tensor x, Tensor scale, Tensor shift, Op.LayerNorm op) {
        Tensor y = Tensor.zeros(op.result());
        int channels = x.extent(-1);
        for (int row = 0; row < x.data().length / channels; row++) {
            int[] members = new int[channels];
            for (int channel = 0; channel < channels; channel++) {
                members[channel] = row * channels + channel;
            }
            normalise(x, members, scale, shift, op.epsilon(), y);
        }
        return y;
    }

    /** Normalises the elements at {@code members} together; the channel of each is its position modulo the channels. */
    private static void normalise(Tensor x, int[] members, Tensor scale, Tensor shift, double epsilon, Tensor y) {
        double mean = 0;
        for (int member : members) {
            mean += x.data()[member] / members.length;
        }
        double variance = 0;
        for (int member : members) {
            double deviation = x.data()[member] - mean;
            variance += deviation * deviation / members.length;
        }
        double divisor = Math.sqrt(variance + epsilon);
        for (int member : members) {
            int channel = member % x.extent(-1);
            y.data()[member] = (x.data()[member] - mean) / divisor * scale.data()[channel] + shift.data()[channel];
        }
    }
}
