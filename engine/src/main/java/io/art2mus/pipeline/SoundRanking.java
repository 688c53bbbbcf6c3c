package io.art2mus.pipeline;

import io.art2mus.audio.Resampler;
import io.art2mus.audio.Sound;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.ImageBindAudio;
import io.art2mus.encoder.audio.AudioFrontEnd;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import io.art2mus.weights.WeightsException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well sounds fit a picture, by ImageBind: the cosine of the picture's embedding and the sound's. The tower is opened for the first
 * sounds there are to compare.
 */
final class SoundRanking implements AutoCloseable {
    private final EncoderRuntime runtime;
    private final Checkpoint checkpoint;
    private @Nullable ImageBindAudio tower;

    SoundRanking(EncoderRuntime runtime, Checkpoint checkpoint) {
        this.runtime = runtime;
        this.checkpoint = checkpoint;
    }

    /** A score in −1 … 1 for each sound; {@code embedding} is the picture's, {@code [1, width]}. */
    List<Double> scores(HostTensor embedding, List<Sound> sounds) {
        ImageBindAudio listening = tower;
        if (listening == null) {
            listening = ImageBindAudio.open(runtime, checkpoint.imageBind());
            tower = listening;
        }
        List<Double> scores = new ArrayList<>();
        for (Sound sound : sounds) {
            try (Arena scratch = Arena.ofConfined()) {
                HostTensor clips = AudioFrontEnd.clips(heard(sound, scratch), scratch);
                Shape bank = clips.shape();
                Shape one = Shape.of(1, bank.extent(0), bank.extent(1), bank.extent(2), bank.last());
                scores.add(cosine(embedding, listening.encode(scratch, clips.reshaped(one))));
            }
        }
        return scores;
    }

    private static Sound heard(Sound sound, Arena arena) {
        return sound.sampleRate() == AudioFrontEnd.SAMPLE_RATE
                ? sound
                : Resampler.between(arena, sound.sampleRate(), AudioFrontEnd.SAMPLE_RATE)
                        .resample(sound, arena);
    }

    private double cosine(HostTensor picture, HostTensor sound) {
        if (!picture.shape().equals(sound.shape())) {
            throw new WeightsException(
                    "pictures are embedded as " + picture.shape() + ", sounds as " + sound.shape(),
                    checkpoint.imageBind(),
                    "give --candidates 1, or ImageBind's weights");
        }
        double dot = 0;
        double pictureSquares = 0;
        double soundSquares = 0;
        for (long i = 0; i < picture.shape().elements(); i++) {
            dot += (double) picture.get(i) * sound.get(i);
            pictureSquares += (double) picture.get(i) * picture.get(i);
            soundSquares += (double) sound.get(i) * sound.get(i);
        }
        return dot / Math.sqrt(pictureSquares * soundSquares);
    }

    @Override
    public void close() {
        ImageBindAudio listening = tower;
        if (listening != null) {
            tower = null;
            listening.close();
        }
    }
}
