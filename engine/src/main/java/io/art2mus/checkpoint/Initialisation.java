package io.art2mus.checkpoint;

import io.art2mus.graph.Shape;
import java.util.regex.Pattern;

/**
 * How random parameters are scaled, so that activations of order 1 stay of order 1 through every layer: a float that overflows, or
 * a network that only saturates, would be neither as fast nor as exact as a trained one.
 */
final class Initialisation {
    /** Around 1 for scales, around 0 for shifts and biases. */
    private static final double VECTOR_DEVIATION = 0.02;

    private static final double EMBEDDING_DEVIATION = 0.1;

    /** Of what is added to a residual stream some dozens of times. */
    private static final double RESIDUAL_GAIN = 0.3;

    /** Makes up for the half that a ReLU takes away. */
    private static final double RELU_GAIN = Math.sqrt(2);

    /** Makes up for what SiLU takes of a normal input: its second moment there is 0.356. */
    private static final double SILU_GAIN = 1 / Math.sqrt(0.356);

    /** Keeps a waveform inside of what tanh hardly bends. */
    private static final double WAVEFORM_GAIN = 0.3;

    /** Of a transposed convolution's taps, so many meet one sample: kernels are two to four times the rate. */
    private static final int TAPS_OF_ONE_SAMPLE = 3;

    private static final Pattern EMBEDDING = Pattern.compile(
            "(.*\\.)?((wte|wpe|(word|position|token_type)_embeddings|token_embedding|relative_attention_bias)\\.weight"
                    + "|pos_embed|cls_token|bias_[kv]|relative_position_bias_table)");
    /** Vectors that stand for a token, and FLAN-T5's table, whose residual stream begins with it unscaled. */
    private static final Pattern TOKEN = Pattern.compile("shared\\.weight|[se]os_embed(_1)?");
    /** Linears on a vector of length 1, whose elements are small. */
    private static final Pattern OF_UNIT_VECTOR = Pattern.compile("projection1?\\.weight");

    private static final Pattern RESIDUAL =
            Pattern.compile("(.*\\.)?(conv2|proj_out|to_out\\.0|ff\\.net\\.2|convs2\\.\\d+|c_proj|out_proj|fc2"
                    + "|SelfAttention\\.o|wo|output\\.dense)\\.weight");
    private static final Pattern AFTER_RELU = Pattern.compile("(.*\\.)?(convs1|upsampler)\\.\\d+\\.weight");
    /** GPT-2's Linears, which are stored [in, out]. */
    private static final Pattern TRANSPOSED = Pattern.compile("(.*\\.)?c_(attn|proj|fc)\\.weight");

    private static final Pattern UPSAMPLER = Pattern.compile("upsampler\\.\\d+\\.weight");

    private Initialisation() {}

    /** What a parameter of this name is filled with. */
    static Filling of(String name, Shape shape) {
        if (TOKEN.matcher(name).matches() || OF_UNIT_VECTOR.matcher(name).matches()) {
            return new Filling.Normal(0, 1);
        }
        if (EMBEDDING.matcher(name).matches()) {
            return new Filling.Normal(0, EMBEDDING_DEVIATION);
        }
        if (shape.rank() == 1) {
            return new Filling.Normal(name.endsWith("weight") ? 1 : 0, VECTOR_DEVIATION);
        }
        return new Filling.Normal(0, gain(name) / Math.sqrt(fanIn(name, shape)));
    }

    private static double gain(String name) {
        if (RESIDUAL.matcher(name).matches()) {
            return RESIDUAL_GAIN;
        }
        if (AFTER_RELU.matcher(name).matches()) {
            return RELU_GAIN;
        }
        return switch (name) {
            case "conv_out.weight", "decoder.conv_out.weight" -> SILU_GAIN;
            case "conv_post.weight" -> WAVEFORM_GAIN;
            default -> 1;
        };
    }

    /** How many products one output sums up. */
    private static double fanIn(String name, Shape shape) {
        if (UPSAMPLER.matcher(name).matches()) {
            return (double) shape.extent(0) * TAPS_OF_ONE_SAMPLE;
        }
        if (TRANSPOSED.matcher(name).matches()) {
            return shape.extent(0);
        }
        return (double) shape.elements() / shape.extent(0);
    }
}
