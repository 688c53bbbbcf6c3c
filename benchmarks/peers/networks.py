"""PyTorch's side of each benchmark: the same networks on the same weights, called on inputs of the same shapes."""

import json
import math
import os

import torch

TEXT_TOKENS = 12
PROMPT_TOKENS = TEXT_TOKENS + 5
GUIDED_ROWS = 2
SECONDS = 10.24
DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}


def load_silently():
    """Keeps progress bars, and reports of the half of CLAP that is not used, out of the table."""
    import diffusers
    import transformers

    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()


def config(checkpoint, part):
    with open(os.path.join(checkpoint, part, "config.json"), encoding="utf-8") as file:
        return json.load(file)


class Shapes:
    """Latents, mel and text widths, as the checkpoint's configurations give them."""

    def __init__(self, checkpoint):
        vae, vocoder = config(checkpoint, "vae"), config(checkpoint, "vocoder")
        self.factor = 2 ** (len(vae["block_out_channels"]) - 1)
        hop = math.prod(vocoder["upsample_rates"])
        frames = int(SECONDS / (hop / vocoder["sampling_rate"]))
        self.samples = int(SECONDS * vocoder["sampling_rate"])
        self.height = -(-frames // self.factor)
        self.bands = vocoder["model_in_dim"]
        self.width = self.bands // self.factor
        self.channels = config(checkpoint, "unet")["in_channels"]
        self.scaling = vae["scaling_factor"]
        self.loa_width = config(checkpoint, "language_model")["n_embd"]
        self.t5_width = config(checkpoint, "text_encoder_2")["d_model"]
        self.new_tokens = config(checkpoint, "language_model").get("max_new_tokens") or 8


def load_unet(checkpoint, dtype):
    from diffusers.pipelines.audioldm2.modeling_audioldm2 import AudioLDM2UNet2DConditionModel

    return AudioLDM2UNet2DConditionModel.from_pretrained(checkpoint, subfolder="unet", torch_dtype=dtype).eval()


def load_vae(checkpoint, dtype):
    from diffusers import AutoencoderKL

    return AutoencoderKL.from_pretrained(checkpoint, subfolder="vae", torch_dtype=dtype).eval()


def load_vocoder(checkpoint, dtype):
    from transformers import SpeechT5HifiGan

    return SpeechT5HifiGan.from_pretrained(checkpoint, subfolder="vocoder", dtype=dtype).eval()


def load_gpt2(checkpoint, dtype):
    from transformers import GPT2Model

    return GPT2Model.from_pretrained(checkpoint, subfolder="language_model", dtype=dtype).eval()


def load_clap(checkpoint, dtype):
    from transformers import ClapTextModelWithProjection

    return ClapTextModelWithProjection.from_pretrained(checkpoint, subfolder="text_encoder", dtype=dtype).eval()


def load_t5(checkpoint, dtype):
    from transformers import T5EncoderModel

    return T5EncoderModel.from_pretrained(checkpoint, subfolder="text_encoder_2", dtype=dtype).eval()


def unet_call(unet, shapes, dtype):
    latents = torch.randn(GUIDED_ROWS, shapes.channels, shapes.height, shapes.width, dtype=dtype)
    loa = torch.randn(GUIDED_ROWS, shapes.new_tokens, shapes.loa_width, dtype=dtype)
    t5 = torch.randn(GUIDED_ROWS, TEXT_TOKENS, shapes.t5_width, dtype=dtype)
    mask = torch.ones(GUIDED_ROWS, TEXT_TOKENS, dtype=torch.long)
    return lambda: unet(
        latents,
        500,
        encoder_hidden_states=loa,
        encoder_hidden_states_1=t5,
        encoder_attention_mask_1=mask,
        return_dict=False,
    )


def eight_tokens(gpt2, embeddings, mask, count):
    """GPT-2 continues embeddings by its own hidden states; keys and values are kept."""
    made, past = [], None
    step = embeddings
    for _ in range(count):
        out = gpt2(inputs_embeds=step, attention_mask=mask, past_key_values=past, use_cache=True)
        step, past = out.last_hidden_state[:, -1:], out.past_key_values
        mask = torch.cat([mask, mask.new_ones(mask.shape[0], 1)], dim=1)
        made.append(step)
    return torch.cat(made, dim=1)


def t_unet(checkpoint, dtype):
    unet = load_unet(checkpoint, dtype)
    return unet, unet_call(unet, Shapes(checkpoint), dtype)


def t_unet_opening(checkpoint, dtype):
    return torch.nn.Module(), lambda: load_unet(checkpoint, dtype)


def vae_decoder(checkpoint, dtype):
    shapes, vae = Shapes(checkpoint), load_vae(checkpoint, dtype)
    latents = torch.randn(1, shapes.channels, shapes.height, shapes.width, dtype=dtype)
    return vae, lambda: vae.decode(latents / shapes.scaling, return_dict=False)


def vocoder(checkpoint, dtype):
    shapes, network = Shapes(checkpoint), load_vocoder(checkpoint, dtype)
    mel = torch.randn(1, shapes.height * shapes.factor, shapes.bands, dtype=dtype)
    return network, lambda: network(mel)


def gpt2(checkpoint, dtype):
    shapes, network = Shapes(checkpoint), load_gpt2(checkpoint, dtype)
    prompt = torch.randn(GUIDED_ROWS, PROMPT_TOKENS, shapes.loa_width, dtype=dtype)
    mask = torch.ones(GUIDED_ROWS, PROMPT_TOKENS, dtype=torch.long)
    return network, lambda: eight_tokens(network, prompt, mask, shapes.new_tokens)


def clap_text(checkpoint, dtype):
    network = load_clap(checkpoint, dtype)
    ids = torch.randint(4, network.config.vocab_size, (1, TEXT_TOKENS))
    mask = torch.ones(1, TEXT_TOKENS, dtype=torch.long)
    return network, lambda: network(input_ids=ids, attention_mask=mask)


def flan_t5(checkpoint, dtype):
    network = load_t5(checkpoint, dtype)
    ids = torch.randint(2, network.config.vocab_size, (1, TEXT_TOKENS))
    mask = torch.ones(1, TEXT_TOKENS, dtype=torch.long)
    return network, lambda: network(input_ids=ids, attention_mask=mask)


# By the names of `art2mus bench`. The frozen encoders are float32 on both sides, whatever the rest is.
CALLS = {
    "t-unet": t_unet,
    "t-unet-opening": t_unet_opening,
    "vae-decoder": vae_decoder,
    "vocoder": vocoder,
    "gpt2": gpt2,
    "encoders/clap-text": clap_text,
    "encoders/flan-t5": flan_t5,
}

# Networks of two-dimensional convolutions, for which PyTorch knows two layouts.
PICTURES = {"t-unet", "vae-decoder"}
