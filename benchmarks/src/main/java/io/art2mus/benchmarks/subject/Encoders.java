package io.art2mus.benchmarks.subject;

import io.art2mus.encoder.ClapText;
import io.art2mus.encoder.EncoderRuntime;
import io.art2mus.encoder.FlanT5;
import io.art2mus.encoder.ImageBindAudio;
import io.art2mus.encoder.ImageBindVision;
import io.art2mus.encoder.Tokenizer;
import io.art2mus.encoder.Tokens;
import io.art2mus.encoder.audio.AudioFrontEnd;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Consumer;

/** The frozen encoders, which ONNX Runtime computes in float32. */
final class Encoders {
    static final String TEXT = "A slow piano melody over soft strings, calm and melancholic";

    private static final Shape PICTURE = Shape.of(1, 3, 224, 224);

    private static final Shape CLIPS = Shape.of(1, AudioFrontEnd.CLIPS, 1, AudioFrontEnd.BANDS, AudioFrontEnd.FRAMES);

    private Encoders() {}

    static List<Subject> all() {
        return List.of(
                new Subject(
                        "encoders/imagebind-vision", "ImageBind's embedding of a picture", Suits.CPU, Encoders::vision),
                new Subject("encoders/imagebind-audio", "ImageBind's embedding of a sound", Suits.CPU, Encoders::audio),
                new Subject("encoders/clap-text", "CLAP's embedding of a text of 12 tokens", Suits.CPU, Encoders::clap),
                new Subject("encoders/flan-t5", "FLAN-T5's states of a text of 12 tokens", Suits.CPU, Encoders::t5));
    }

    private static Opened vision(Machine machine) {
        return opened(machine, (scope, runtime) -> {
            ImageBindVision tower =
                    scope.own(ImageBindVision.open(runtime, machine.checkpoint().imageBind()));
            HostTensor pixels = PlannedCall.normal(scope.own(Arena.ofConfined()), PICTURE);
            return arena -> tower.encode(arena, pixels);
        });
    }

    private static Opened audio(Machine machine) {
        return opened(machine, (scope, runtime) -> {
            ImageBindAudio tower =
                    scope.own(ImageBindAudio.open(runtime, machine.checkpoint().imageBind()));
            HostTensor clips = PlannedCall.normal(scope.own(Arena.ofConfined()), CLIPS);
            return arena -> tower.encode(arena, clips);
        });
    }

    private static Opened clap(Machine machine) {
        return opened(machine, (scope, runtime) -> {
            Tokenizer tokenizer = scope.own(Tokenizer.open(machine.checkpoint().part("tokenizer")));
            ClapText tower =
                    scope.own(ClapText.open(runtime, machine.checkpoint().part("text_encoder")));
            Tokens tokens = tokenizer.encode(scope.own(Arena.ofConfined()), List.of(TEXT), Networks.TEXT_TOKENS);
            return arena -> tower.encode(arena, tokens);
        });
    }

    private static Opened t5(Machine machine) {
        return opened(machine, (scope, runtime) -> {
            Tokenizer tokenizer = scope.own(Tokenizer.open(machine.checkpoint().part("tokenizer_2")));
            FlanT5 encoder = scope.own(FlanT5.open(runtime, machine.checkpoint().part("text_encoder_2")));
            Tokens tokens = tokenizer.encode(scope.own(Arena.ofConfined()), List.of(TEXT), Networks.TEXT_TOKENS);
            return arena -> encoder.encode(arena, tokens);
        });
    }

    /** Opens an encoder; what its calls make is owned by the arena they are given. */
    private interface Opening {
        Consumer<Arena> open(HandleScope scope, EncoderRuntime runtime);
    }

    private static Opened opened(Machine machine, Opening opening) {
        try (HandleScope scope = new HandleScope()) {
            EncoderRuntime runtime = scope.own(EncoderRuntime.open(machine.threads()));
            Consumer<Arena> encode = opening.open(scope, runtime);
            return new EncoderCall(scope.release(), encode);
        }
    }

    private record EncoderCall(HandleScope scope, Consumer<Arena> encode) implements Opened {
        @Override
        public void call() {
            try (Arena arena = Arena.ofConfined()) {
                encode.accept(arena);
            }
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
