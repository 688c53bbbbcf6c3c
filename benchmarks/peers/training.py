"""PyTorch's side of a training's micro-step: projection, GPT-2's eight tokens and T-UNet to a guided, min-SNR-weighted loss, and back."""

import json
import os

import torch
from torch import nn

import networks

EMBEDDING = 1024
TIMESTEP = 500
GUIDANCE = 3.5
GAMMA = 5.0


def alpha_bar(checkpoint, timestep):
    with open(os.path.join(checkpoint, "scheduler", "scheduler_config.json"), encoding="utf-8") as file:
        config = json.load(file)
    # scaled_linear, as every published checkpoint has it.
    betas = torch.linspace(config["beta_start"] ** 0.5, config["beta_end"] ** 0.5, config["num_train_timesteps"]) ** 2
    return torch.cumprod(1 - betas, 0)[timestep].item()


class MicroStep:
    """One item. The projection is float32; all else is frozen, and stored in `stored` unless autocast rounds it in each product."""

    def __init__(self, checkpoint, stored, autocast=None):
        self.autocast = autocast
        self.shapes = shapes = networks.Shapes(checkpoint)
        self.device = torch.get_default_device()
        self.network = networks.load_unet(checkpoint, stored).requires_grad_(False).to(self.device)
        self.gpt2 = networks.load_gpt2(checkpoint, stored).requires_grad_(False).to(self.device)
        width = shapes.loa_width
        self.projection = nn.Sequential(nn.Linear(EMBEDDING, 2 * width), nn.Tanh(), nn.Linear(2 * width, width))
        self.stored = stored
        self.embedding = torch.randn(1, EMBEDDING)
        self.latents = torch.randn(1, shapes.channels, shapes.height, shapes.width, dtype=stored)
        self.target = torch.randn(1, shapes.channels, shapes.height, shapes.width)
        self.t5 = torch.randn(1, networks.TEXT_TOKENS, shapes.t5_width, dtype=stored)
        self.negative_t5 = torch.randn_like(self.t5)
        self.negative_loa = torch.randn(1, shapes.new_tokens, width, dtype=stored)
        self.mask = torch.ones(1, networks.TEXT_TOKENS, dtype=torch.long)
        ratio = alpha_bar(checkpoint, TIMESTEP) / (1 - alpha_bar(checkpoint, TIMESTEP))
        self.weight = min(ratio, GAMMA) / ratio

    def _predicted(self, loa, t5):
        return self.network(
            self.latents,
            TIMESTEP,
            encoder_hidden_states=loa,
            encoder_hidden_states_1=t5,
            encoder_attention_mask_1=self.mask,
            return_dict=False,
        )[0].float()

    def _loss(self):
        with torch.no_grad():
            negative = self._predicted(self.negative_loa, self.negative_t5)
        tokens = self.projection(self.embedding).to(self.stored)[:, None]
        mask = torch.ones(1, 1, dtype=torch.long)
        loa = networks.eight_tokens(self.gpt2, tokens, mask, self.shapes.new_tokens)
        wish = self._predicted(loa, self.t5)
        guided = negative + GUIDANCE * (wish - negative)
        return self.weight * (guided - self.target).square().mean()

    def __call__(self):
        self.projection.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, dtype=self.autocast, enabled=self.autocast is not None):
            loss = self._loss()
        loss.backward()


def ways(checkpoint, dtype):
    """By name, what is tried: weights that are stored in `dtype`, and float32 weights under autocast."""
    yield "", lambda: MicroStep(checkpoint, dtype)
    if dtype != torch.float32:
        yield ", autocast", lambda: MicroStep(checkpoint, torch.float32, autocast=dtype)
