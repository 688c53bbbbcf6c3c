package io.art2mus.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The essentials of a sound's provenance, for the comment that its own file carries.
 *
 * @param art2mus its version
 * @param variant how the picture entered
 * @param prompt its beginning where it is long; null for a picture alone
 * @param negativePrompt its beginning where it is long
 * @param seed of the starting noise
 * @param seconds length that was asked for
 * @param sampler what removed the noise
 * @param steps how many it took
 * @param guidance how far from the negative prompt it went
 * @param candidates how many were made of one draw of noise
 * @param candidate which of them this is, from 1
 * @param peak level that the peak was scaled to, or {@code off}
 * @param precision how activations and weights were stored
 * @param checkpoint name of its folder
 * @param picture SHA-256 of the picture; null for text alone
 * @param sound {@link SampleDigest} of the samples before they were encoded
 */
public record ProvenanceTag(
        String art2mus,
        String variant,
        @Nullable String prompt,
        String negativePrompt,
        long seed,
        double seconds,
        String sampler,
        int steps,
        double guidance,
        int candidates,
        int candidate,
        String peak,
        String precision,
        String checkpoint,
        @Nullable String picture,
        String sound) {
    /** What libsndfile reads back of a comment in a WAV file is less than 2048 bytes. */
    static final int LONGEST = 2000;

    public ProvenanceTag {
        Require.present(art2mus, "art2mus");
        Require.present(variant, "variant");
        Require.present(negativePrompt, "negative_prompt");
        Require.present(sampler, "sampler");
        Require.present(peak, "peak");
        Require.present(precision, "precision");
        Require.present(checkpoint, "checkpoint");
        if (picture != null) {
            Require.sha256(picture, "picture");
        }
        Require.sha256(sound, "sound");
    }

    /** The essentials of {@code whole}. */
    public static ProvenanceTag of(Provenance whole) {
        Provenance.Settings settings = whole.settings();
        Provenance.Picture picture = whole.picture();
        return new ProvenanceTag(
                whole.program().version(),
                settings.variant(),
                settings.prompt(),
                settings.negativePrompt(),
                settings.seed(),
                settings.seconds(),
                settings.sampler(),
                settings.steps(),
                settings.guidance(),
                settings.candidates(),
                settings.candidate(),
                settings.peak(),
                whole.device().precision(),
                whole.checkpoint().folder(),
                picture == null ? null : picture.sha256(),
                whole.sound().sha256());
    }

    /** JSON on one line, in ASCII and short enough for every container: texts are cut until they fit. */
    public String text() {
        String text = RecordWriter.compact(this);
        for (int length = LONGEST / 4; text.length() > LONGEST; length /= 2) {
            text = RecordWriter.compact(withTextsCutTo(length));
        }
        return text;
    }

    /** What {@link #text} wrote; empty where a comment is anything else. */
    public static Optional<ProvenanceTag> parse(String comment) {
        if (comment.length() > LONGEST || !comment.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProvenanceJson.STRICT.readValue(comment, ProvenanceTag.class));
        } catch (JsonProcessingException _) {
            // Somebody else's comment, or no longer ours.
            return Optional.empty();
        }
    }

    private ProvenanceTag withTextsCutTo(int length) {
        return new ProvenanceTag(
                art2mus,
                variant,
                prompt == null ? null : cut(prompt, length),
                cut(negativePrompt, length),
                seed,
                seconds,
                sampler,
                steps,
                guidance,
                candidates,
                candidate,
                peak,
                precision,
                cut(checkpoint, length),
                picture,
                sound);
    }

    private static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length)) + "…";
    }
}
