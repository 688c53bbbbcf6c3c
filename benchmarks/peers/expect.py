"""Writes one call of PyTorch's T-UNet in float32, inputs and output, for the test that compares ours with it at full size."""

import argparse
import pathlib
import sys

PARSER = argparse.ArgumentParser(description=__doc__)
PARSER.add_argument("--checkpoint", required=True, help="folder in the Hugging Face layout, stored in float32")
PARSER.add_argument("--diffusers", required=True, type=pathlib.Path, help="the folder src of a checkout of diffusers")
PARSER.add_argument("output", help=".safetensors file to write")
ARGUMENTS = PARSER.parse_args()
sys.path.insert(0, str(ARGUMENTS.diffusers.resolve()))

import safetensors.torch
import torch

import networks

TIMESTEP = 500

networks.load_silently()
torch.manual_seed(0)
shapes = networks.Shapes(ARGUMENTS.checkpoint)
inputs = {
    "sample": torch.randn(networks.GUIDED_ROWS, shapes.channels, shapes.height, shapes.width),
    "encoder_hidden_states": torch.randn(networks.GUIDED_ROWS, shapes.new_tokens, shapes.loa_width),
    "encoder_hidden_states_1": torch.randn(networks.GUIDED_ROWS, networks.TEXT_TOKENS, shapes.t5_width),
    # The second row is the longer text.
    "encoder_attention_mask_1": torch.ones(networks.GUIDED_ROWS, networks.TEXT_TOKENS, dtype=torch.long),
}
inputs["encoder_attention_mask_1"][0, networks.TEXT_TOKENS // 2 :] = 0
with torch.inference_mode():
    (output,) = networks.load_unet(ARGUMENTS.checkpoint, torch.float32)(**inputs, timestep=TIMESTEP, return_dict=False)
written = {**inputs, "timestep": torch.tensor([TIMESTEP], dtype=torch.float64), "output": output}
safetensors.torch.save_file({name: tensor.contiguous() for name, tensor in written.items()}, ARGUMENTS.output)
print(ARGUMENTS.output)
