package io.art2mus.diffusion;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.FeedbackLoop;
import io.art2mus.backend.Plan;
import io.art2mus.backend.PlanMemory;
import io.art2mus.ffi.HandleScope;
import io.art2mus.graph.HostTensor;
import io.art2mus.graph.ParameterSource;
import io.art2mus.graph.Shape;
import io.art2mus.model.TUNet;
import io.art2mus.model.TUNetConfig;
import io.art2mus.nn.SinusoidalEmbedding;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The loop that turns noise into latents. What no step changes is computed once a conditioning; a step is then one run of one plan,
 * guidance and the sampler's update, and allocates nothing.
 */
public final class Denoiser implements AutoCloseable {
    private final HandleScope scope;
    private final Plan once;
    private final Plan every;
    private final Sampler sampler;
    private final double guidance;
    private final HostTensor input;
    private final HostTensor prediction;
    private final HostTensor guided;
    private final SamplerState state;
    private final @Nullable FeedbackLoop loop;

    /**
     * Compiles the T-UNet and runs what one conditioning needs once.
     *
     * @param weights of the T-UNet; must stay open as long as this
     * @param latents shape of what will be denoised, {@code [1, H, W, C]}
     * @param guidance how far from the negative prompt to go; not used where {@code conditioning} has one row
     */
    public Denoiser(
            Backend backend,
            TUNetConfig config,
            ParameterSource weights,
            Shape latents,
            Conditioning conditioning,
            Sampler sampler,
            double guidance) {
        this.sampler = sampler;
        this.guidance = guidance;
        try (HandleScope opening = new HandleScope()) {
            Arena arena = opening.own(Arena.ofConfined());
            TUNet.Conditions conditions = new TUNet.Conditions(
                    conditioning.loa().shape(), conditioning.t5().shape(), sampler.calls());
            TUNet.Graphs graphs = TUNet.graphs(config, weights, latents, conditions);

            once = opening.own(backend.compile(graphs.once(), Map.of(), weights.identity()));
            double[] timesteps = IntStream.range(0, sampler.calls())
                    .mapToDouble(sampler::timestep)
                    .toArray();
            once.input("sinusoid")
                    .upload(SinusoidalEmbedding.of(
                            arena, timesteps, config.levels().getFirst().channels()));

            Map<String, DeviceBuffer> hoisted = new HashMap<>();
            graphs.once().outputs().keySet().forEach(name -> hoisted.put(name, once.output(name)));
            every = opening.own(backend.compile(graphs.every(), hoisted, weights.identity()));
            condition(conditioning);

            input = HostTensor.allocate(arena, latents);
            prediction = HostTensor.allocate(arena, latents.with(0, conditioning.rows()));
            guided = HostTensor.allocate(arena, latents);
            state = sampler.begin(arena, latents);
            loop = backend.loop(every, SamplerFeedback.of(sampler, conditioning.rows(), guidance))
                    .map(opening::own)
                    .orElse(null);
            scope = opening.release();
        }
    }

    /** Asks for something else: a conditioning of the same shapes as the one before. */
    public void condition(Conditioning conditioning) {
        once.input("loa").upload(conditioning.loa());
        once.input("t5").upload(conditioning.t5());
        every.input("t5_bias").upload(conditioning.t5Bias());
        once.run();
    }

    /**
     * Denoises in place.
     *
     * @param latents noise of {@link Sampler#initialNoiseSigma()}, replaced by latents of unit scale
     * @param listener told after each call of the network
     * @throws NonFiniteException where a value is NaN or infinite at the end
     */
    public void denoise(HostTensor latents, StepListener listener) {
        if (loop == null) {
            denoiseOnHost(latents, listener);
        } else {
            denoiseOnDevice(loop, latents, listener);
        }
    }

    /** Latents stay on the device until the end. */
    private void denoiseOnDevice(FeedbackLoop device, HostTensor latents, StepListener listener) {
        device.begin(latents);
        for (int call = 0; call < sampler.calls(); call++) {
            device.run();
            listener.afterCall(call + 1, sampler.calls());
        }
        if (!device.end(latents)) {
            Latents.requireFinite(latents);
        }
    }

    private void denoiseOnHost(HostTensor latents, StepListener listener) {
        for (int call = 0; call < sampler.calls(); call++) {
            Latents.scale(latents, sampler.inputScale(call), input);
            every.input("latents").upload(input);
            every.input("step").uploadPosition(call);
            every.run();
            every.output("prediction").download(prediction);
            state.step(call, guide(), latents);
            listener.afterCall(call + 1, sampler.calls());
        }
        Latents.requireFinite(latents);
    }

    /** Bytes that its plans hold. */
    public PlanMemory memory() {
        return once.memory().plus(every.memory());
    }

    private HostTensor guide() {
        if (prediction.shape().equals(guided.shape())) {
            return prediction;
        }
        Guidance.combine(prediction, guidance, guided);
        return guided;
    }

    @Override
    public void close() {
        scope.close();
    }
}
