"""Trains the masked-diffusion twin of the autoregressive model for a given wall-clock budget, starting from its weights.

    python train-diffusion.py --init runs/extract-ar/last.pt --minutes 62 --out runs/extract-diffusion

The prompt is always visible. The canvas behind it holds the answer, the end token and padding up to the bucket's length, so no
attention mask is needed. A share t of the canvas is replaced by the mask token (LLaDA, Nie et al. 2025): t is uniform, stratified
over the batch, and the cross-entropy of the masked tokens is weighted by 1/t. A share of the rows hides the last t of the
canvas instead of random positions, because decoders that commit the surest positions first mostly see such canvases.

As in the autoregressive model, the hidden state of position i predicts the token of position i + 1 (DiffuLLaMA, Gong et al.
2024). The exported graph moves the logits back, so that row i of its output is about position i.
"""

import argparse

import torch
import torch.nn.functional as F

from model import Config, Model
from tokenizer import MASK, PAD
from training import FRESH, Training, add_arguments, begin, hidden_of, padded_batches, run

LENGTHS = (96, 112, 128, 144, 160, 192, 224, 256, 320)
SUFFIX_SHARE = 0.3
LEAST_RATIO = 0.08  # bounds the weight 1/t


def batches(samples, tokens, rng):
    """Batches of one length: (ids [rows, length], first position of the canvas of each row [rows])."""
    by_length = {}
    for ids, start in samples:
        fitting = [l for l in LENGTHS if l >= len(ids)]
        if fitting:
            extra = rng.choices((0, 1, 2), (0.6, 0.3, 0.1))[0]
            by_length.setdefault(fitting[min(extra, len(fitting) - 1)], []).append((ids, start))
    return [(ids, torch.tensor([start for _, start in part])) for ids, part in padded_batches(by_length, tokens, rng)]


def hide(ids, starts, generator):
    """(which positions are hidden [rows, length], share of the canvas that was to be hidden [rows])."""
    rows, length = ids.shape
    draw = lambda *shape: torch.rand(*shape, generator=generator)
    ratio = ((draw(1) + torch.randperm(rows, generator=generator) / rows) % 1).clamp(LEAST_RATIO, 1)
    positions = torch.arange(length)
    canvas = positions >= starts[:, None]
    random_order = draw(rows, length)
    from_the_end = (length - 1 - positions) / (length - starts)[:, None]
    order = torch.where((draw(rows) < SUFFIX_SHARE)[:, None], from_the_end, random_order)
    order = order.masked_fill(~canvas, 2)
    hidden = canvas & (order < ratio[:, None])
    hidden[torch.arange(rows), order.argmin(1)] = True  # at least one
    return hidden, ratio


def loss_of(model, forward, ids, starts, generator):
    hidden, ratio = hide(ids, starts, generator)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = forward(ids.masked_fill(hidden, MASK))
        logits = F.linear(states[hidden.roll(-1, 1)], model.embed_tokens.weight).float()
    losses = F.cross_entropy(logits, ids[hidden], reduction="none")
    weights = (1 / ratio)[:, None].expand_as(ids)[hidden]
    canvas = (ids.shape[1] - starts).sum()
    return (losses * weights).sum() / canvas, losses, logits, ids[hidden]


@torch.no_grad()
def evaluate(model, data):
    """Mean weighted loss, and the share of hidden tokens that are the most likely ones, padding aside, with the same noise every time."""
    generator = torch.Generator().manual_seed(5)
    total, rows, right, count = 0.0, 0, 0, 0
    for ids, starts in data:
        loss, _, logits, targets = loss_of(model, model.hidden, ids, starts, generator)
        total, rows = total + loss.item() * len(ids), rows + len(ids)
        kept = targets != PAD
        right, count = right + (logits.argmax(-1) == targets)[kept].sum().item(), count + kept.sum().item()
    return {"held_loss": total / rows, "held_right": right / count}


def main():
    a = argparse.ArgumentParser()
    add_arguments(a, minutes=62, out="runs/extract-diffusion", rate=2e-3, seed=21, chunk=4000)
    a.add_argument("--init", required=True, help="checkpoint: of the autoregressive model, or of this one with --start")
    args = a.parse_args()
    begin(args)
    before = torch.load(args.init)
    config = Config(**{**before["config"], "causal": False})
    model = Model(config)
    model.load_state_dict(before["model"])
    if args.start == 0:
        before = FRESH
        with torch.no_grad():  # the mask token has not been read before: begin with the mean of what has
            model.embed_tokens.weight[MASK] = model.embed_tokens.weight[MASK + 1 :].mean(0)
    forward = hidden_of(model, args)
    generator = torch.Generator().manual_seed(args.seed + before["step"])
    run(
        args,
        Training(
            model=model,
            config=config,
            before=before,
            batches=batches,
            loss=lambda batch: loss_of(model, forward, *batch, generator)[0],
            evaluate=lambda data: evaluate(model, data),
            level=lambda done: 1.0,
            first_chunk=before["step"],
            held_out=200,
            warmup=50,
            smoothing=0.98,
            seconds_to_evaluate=600,
            seconds_to_save=180,
        ),
    )


if __name__ == "__main__":
    main()
