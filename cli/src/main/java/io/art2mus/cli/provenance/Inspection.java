package io.art2mus.cli.provenance;

import io.art2mus.ffi.sndfile.SoundFileException;
import io.art2mus.ffi.sndfile.SoundFileLibrary;
import io.art2mus.ffi.sndfile.SoundFileReader;
import io.art2mus.ffi.sndfile.SoundTag;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceException;
import io.art2mus.provenance.ProvenanceFile;
import io.art2mus.provenance.ProvenanceTag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how a sound was made. One of record and tag is there.
 *
 * @param record the JSON beside the sound
 * @param tag in the sound's own comment
 * @param doubts what speaks against their being about this sound
 */
record Inspection(@Nullable Provenance record, @Nullable ProvenanceTag tag, List<String> doubts) {
    private static final String JSON = ".json";

    /**
     * What a sound file's own numbers are.
     *
     * @param samples as its header claims
     */
    private record Header(
            int sampleRate,
            int channels,
            long samples,
            @Nullable ProvenanceTag tag) {}

    /** Looks at a sound and the JSON beside it, whichever of them is {@code file}. */
    static Inspection of(Path file) {
        requireFile(file);
        return file.toString().endsWith(JSON) ? ofRecord(file) : ofSound(file);
    }

    private static Inspection ofRecord(Path file) {
        Provenance record = ProvenanceFile.read(file);
        String name = file.getFileName().toString();
        Path sound = file.resolveSibling(name.substring(0, name.length() - JSON.length()));
        if (!Files.isRegularFile(sound)) {
            return new Inspection(
                    record, null, List.of("the sound " + record.sound().name() + " is not beside it"));
        }
        Header header = header(sound);
        return new Inspection(record, header.tag, doubts(sound, record, header));
    }

    private static Inspection ofSound(Path sound) {
        Header header = header(sound);
        Path beside = ProvenanceFile.beside(sound);
        if (!Files.exists(beside)) {
            if (header.tag == null) {
                throw new ProvenanceException(
                        sound,
                        "carries no provenance, and " + beside.getFileName() + " is not beside it",
                        "art2mus did not make this sound, or another program has written it since");
            }
            return new Inspection(null, header.tag, List.of(beside.getFileName() + " is not beside it"));
        }
        try {
            Provenance record = ProvenanceFile.read(beside);
            return new Inspection(record, header.tag, doubts(sound, record, header));
        } catch (ProvenanceException unreadable) {
            if (header.tag == null) {
                throw unreadable;
            }
            return new Inspection(null, header.tag, List.of(String.valueOf(unreadable.getMessage())));
        }
    }

    private static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new ProvenanceException(file, "no such file", "check its name");
        }
        if (!Files.isRegularFile(file)) {
            throw new ProvenanceException(file, "not a file", "give a sound or the JSON beside it");
        }
    }

    private static Header header(Path sound) {
        try (SoundFileReader reader = SoundFileReader.open(SoundFileLibrary.load(), sound)) {
            ProvenanceTag tag =
                    reader.tag(SoundTag.COMMENT).flatMap(ProvenanceTag::parse).orElse(null);
            return new Header(reader.sampleRate(), reader.channels(), reader.claimedFrames(), tag);
        } catch (SoundFileException unreadable) {
            throw new ProvenanceException(
                    sound, "not a sound that libsndfile reads", "give a sound or the JSON beside it", unreadable);
        }
    }

    private static List<String> doubts(Path sound, Provenance record, Header header) {
        List<String> doubts = new ArrayList<>();
        Provenance.SoundRecord recorded = record.sound();
        String name = sound.getFileName().toString();
        if (!recorded.name().equals(name)) {
            doubts.add("the JSON tells of " + recorded.name() + ", this is " + name);
        }
        if (header.samples != recorded.samples()
                || header.sampleRate != recorded.sampleRate()
                || header.channels != 1) {
            doubts.add("the JSON tells of %d samples at %d Hz, the sound has %d at %d Hz in %d channel(s)"
                    .formatted(
                            recorded.samples(),
                            recorded.sampleRate(),
                            header.samples,
                            header.sampleRate,
                            header.channels));
        }
        if (header.tag == null) {
            doubts.add("the sound itself carries no provenance");
        } else if (!header.tag.sound().equals(recorded.sha256())) {
            doubts.add("the JSON is that of another sound: their samples have other SHA-256 sums");
        } else if (!header.tag.text().equals(ProvenanceTag.of(record).text())) {
            doubts.add("the JSON and the sound's own comment tell different things");
        }
        return doubts;
    }
}
