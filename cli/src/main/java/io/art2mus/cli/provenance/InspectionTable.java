package io.art2mus.cli.provenance;

import io.art2mus.audio.SoundLevel;
import io.art2mus.provenance.PrintableText;
import io.art2mus.provenance.Provenance;
import io.art2mus.provenance.ProvenanceTag;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An inspection as lines for a person: a name, then what is known. Texts from files are shown escaped. */
final class InspectionTable {
    private final StringBuilder table = new StringBuilder();

    private InspectionTable() {}

    /** The whole table; doubts come last. */
    static String of(Inspection inspection) {
        InspectionTable lines = new InspectionTable();
        Provenance record = inspection.record();
        ProvenanceTag tag = inspection.tag();
        if (record != null) {
            lines.add(record);
        } else if (tag != null) {
            lines.add(tag);
        }
        inspection.doubts().forEach(doubt -> lines.row("doubt", doubt));
        return lines.table.toString();
    }

    private void add(Provenance record) {
        Provenance.Program program = record.program();
        row("made", record.made() + " by art2mus " + program.version() + " on Java " + program.java());
        row(
                "libraries",
                program.libraries().entrySet().stream()
                        .map(library -> library.getKey() + " " + library.getValue())
                        .collect(Collectors.joining(", ")));
        Provenance.Device device = record.device();
        row("device", device.name() + ", " + device.precision() + ", " + device.threads() + " thread(s)");
        Provenance.Picture picture = record.picture();
        if (picture != null) {
            row("picture", picture.path() == null ? picture.name() : picture.path());
            row("", digest(picture.sha256(), picture.bytes()));
        }
        Provenance.Settings settings = record.settings();
        texts(settings.prompt(), settings.negativePrompt());
        row("variant", settings.variant());
        row("seconds", String.valueOf(settings.seconds()));
        row("seed", String.valueOf(settings.seed()));
        sampling(settings.sampler(), settings.steps(), settings.guidance());
        row("candidate", settings.candidate() + " of " + settings.candidates());
        if (record.scores() != null) {
            row("scores", record.scores().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        row("peak", settings.peak());
        add(record.checkpoint());
        add(record.sound());
        row(
                "timings",
                record.timings().entrySet().stream()
                        .map(stage -> String.format(Locale.ROOT, "%s %.3f s", stage.getKey(), stage.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    private void add(Provenance.Checkpoint checkpoint) {
        row("checkpoint", checkpoint.folder());
        checkpoint.files().forEach(file -> stored("", file));
        Provenance.StoredFile projection = checkpoint.projection();
        if (projection != null) {
            stored("projection", projection);
        }
        Provenance.StoredFile imageBind = checkpoint.imagebind();
        if (imageBind != null) {
            stored("ImageBind", imageBind);
        }
    }

    private void stored(String name, Provenance.StoredFile file) {
        row(name, file.path());
        row("", digest(file.sha256(), file.bytes()));
    }

    private void add(Provenance.SoundRecord sound) {
        String encoding = sound.bitDepth() == null ? sound.format() : sound.format() + " " + sound.bitDepth();
        row(
                "sound",
                sound.name() + ", " + encoding + ", " + sound.samples() + " samples at " + sound.sampleRate() + " Hz");
        row("", new SoundLevel(sound.peak(), sound.rms(), sound.seconds()).toString());
        row("", "SHA-256 " + sound.sha256() + " of the samples");
    }

    private void add(ProvenanceTag tag) {
        row("made", "by art2mus " + tag.art2mus() + " in " + tag.precision());
        if (tag.picture() != null) {
            row("picture", "SHA-256 " + tag.picture());
        }
        texts(tag.prompt(), tag.negativePrompt());
        row("variant", tag.variant());
        row("seconds", String.valueOf(tag.seconds()));
        row("seed", String.valueOf(tag.seed()));
        sampling(tag.sampler(), tag.steps(), tag.guidance());
        row("candidate", tag.candidate() + " of " + tag.candidates());
        row("peak", tag.peak());
        row("checkpoint", tag.checkpoint());
        row("sound", "SHA-256 " + tag.sound() + " of the samples");
    }

    private void texts(@Nullable String prompt, String negativePrompt) {
        if (prompt != null) {
            row("prompt", prompt);
        }
        row("negative prompt", negativePrompt);
    }

    private void sampling(String sampler, int steps, double guidance) {
        row("sampler", sampler + ", " + steps + " step(s), guidance " + guidance);
    }

    private static String digest(String sha256, long bytes) {
        return "SHA-256 " + sha256 + ", " + bytes + " bytes";
    }

    /** The one place where text reaches the terminal. */
    private void row(String name, String text) {
        table.append(String.format(Locale.ROOT, "%-15s  %s%n", name, PrintableText.of(text)));
    }
}
