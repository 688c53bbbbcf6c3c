"""A whole generation from a text in PyTorch: DDIM, 20 steps, 10.24 s. As a program it makes one sound and reports on itself."""

import argparse
import json
import os
import sys
import time

import torch
from tokenizers import Tokenizer

import networks

PROMPT = "A slow piano melody over soft strings, calm and melancholic"
NEGATIVE = "Low quality."
STEPS = 20
GUIDANCE = 3.5


class Generation:
    """All parts loaded and kept, as a pipeline of diffusers keeps them."""

    def __init__(self, checkpoint, dtype):
        from diffusers import DDIMScheduler
        from diffusers.pipelines.audioldm2.modeling_audioldm2 import AudioLDM2ProjectionModel

        self.dtype, self.device = dtype, torch.get_default_device()
        self.shapes = networks.Shapes(checkpoint)
        self.clap = networks.load_clap(checkpoint, dtype)
        self.t5 = networks.load_t5(checkpoint, dtype)
        self.projection = AudioLDM2ProjectionModel.from_pretrained(
            checkpoint, subfolder="projection_model", torch_dtype=dtype
        ).eval()
        self.gpt2 = networks.load_gpt2(checkpoint, dtype)
        self.unet = networks.load_unet(checkpoint, dtype)
        self.vae = networks.load_vae(checkpoint, dtype)
        self.vocoder = networks.load_vocoder(checkpoint, dtype)
        self.scheduler = DDIMScheduler.from_pretrained(checkpoint, subfolder="scheduler")
        for network in (self.clap, self.t5, self.projection, self.gpt2, self.unet, self.vae, self.vocoder):
            network.to(self.device)
        self.tokenizers = [self._tokenizer(checkpoint, folder) for folder in ("tokenizer", "tokenizer_2")]

    @staticmethod
    def _tokenizer(checkpoint, folder):
        with open(os.path.join(checkpoint, folder, "tokenizer_config.json"), encoding="utf-8") as file:
            longest = min(json.load(file)["model_max_length"], 512)
        return Tokenizer.from_file(os.path.join(checkpoint, folder, "tokenizer.json")), longest

    @staticmethod
    def _padded(ids, length):
        ids = ids[:length]
        mask = [1] * len(ids) + [0] * (length - len(ids))
        return torch.tensor([ids + [1] * (length - len(ids))]), torch.tensor([mask])

    def _condition(self):
        (clap_tokenizer, clap_length), (t5_tokenizer, _) = self.tokenizers
        length = len(t5_tokenizer.encode(PROMPT).ids)
        loa, states, masks = [], [], []
        for text in (NEGATIVE, PROMPT):
            ids, mask = self._padded(clap_tokenizer.encode(text).ids, clap_length)
            clap = self.clap(input_ids=ids, attention_mask=mask).text_embeds
            ids, mask = self._padded(t5_tokenizer.encode(text).ids, length)
            t5 = self.t5(input_ids=ids, attention_mask=mask).last_hidden_state
            states.append(t5)
            masks.append(mask)
            loa.append(
                self.projection(
                    hidden_states=clap[:, None],
                    hidden_states_1=t5,
                    attention_mask=torch.ones(1, 1, dtype=torch.long),
                    attention_mask_1=mask,
                )
            )
        prompt = torch.cat([row.hidden_states for row in loa])
        mask = torch.cat([row.attention_mask for row in loa])
        tokens = networks.eight_tokens(self.gpt2, prompt, mask, self.shapes.new_tokens)
        return tokens, torch.cat(states), torch.cat(masks)

    @torch.inference_mode()
    def __call__(self):
        loa, t5, mask = self._condition()
        shapes = self.shapes
        self.scheduler.set_timesteps(STEPS)
        latents = torch.randn(
            1, shapes.channels, shapes.height, shapes.width, generator=torch.Generator("cpu").manual_seed(0), device="cpu"
        ).to(self.device, self.dtype)
        for timestep in self.scheduler.timesteps:
            negative, wish = self.unet(
                torch.cat([latents] * 2),
                timestep,
                encoder_hidden_states=loa,
                encoder_hidden_states_1=t5,
                encoder_attention_mask_1=mask,
                return_dict=False,
            )[0].chunk(2)
            latents = self.scheduler.step(negative + GUIDANCE * (wish - negative), timestep, latents).prev_sample
        mel = self.vae.decode(latents / shapes.scaling, return_dict=False)[0]
        return self.vocoder(mel.squeeze(1))[0, : shapes.samples].float()


def peak_resident_bytes():
    with open("/proc/self/status", encoding="utf-8") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--dtype", choices=networks.DTYPES, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--unet-only", action="store_true", help="load the T-UNet, and call it once")
    arguments = parser.parse_args()
    networks.load_silently()
    torch.set_num_threads(arguments.threads)
    dtype = networks.DTYPES[arguments.dtype]
    began = time.perf_counter()
    if arguments.unet_only:
        # The library's own start is not counted, as the virtual machine's is not.
        import diffusers.pipelines.audioldm2.modeling_audioldm2  # noqa: F401

        began = time.perf_counter()
        unet, call = networks.t_unet(arguments.checkpoint, dtype)
        loaded, ready_at = time.perf_counter(), time.time()
        with torch.inference_mode():
            call()
    else:
        generation = Generation(arguments.checkpoint, dtype)
        loaded, ready_at = time.perf_counter(), time.time()
        sound = generation()
        if not bool(torch.isfinite(sound).all()):
            sys.exit("the sound is not finite")
    ended = time.perf_counter()
    print(
        json.dumps(
            {
                "opening": loaded - began,
                "first": ended - loaded,
                "ready_at": ready_at,
                "peak_resident_bytes": peak_resident_bytes(),
            }
        )
    )


if __name__ == "__main__":
    main()
