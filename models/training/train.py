"""Trains the autoregressive model for a given wall-clock budget. Data is generated and tokenized by a second process.

    python train.py --minutes 95 --out runs/extract-ar
"""

import argparse

import torch
import torch.nn.functional as F

from model import Config, Model
from training import FRESH, Training, add_arguments, begin, hidden_of, padded_batches, run

LENGTHS = (48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320, 384)


def batches(samples, tokens, rng):
    """Batches of samples of like length: (ids, loss mask for the next token), both [rows, length]."""
    by_length = {}
    for ids, start in samples:
        size = next((l for l in LENGTHS if l >= len(ids)), None)
        if size:
            by_length.setdefault(size, []).append((ids, start))
    return [(ids, answers(ids, part)) for ids, part in padded_batches(by_length, tokens, rng)]


def answers(ids, part):
    """Positions that predict answer tokens."""
    mask = torch.zeros(ids.shape, dtype=torch.bool)
    for row, (x, start) in enumerate(part):
        mask[row, start - 1 : len(x) - 1] = True
    return mask


def predictions(model, hidden, ids, mask):
    """(logits, targets) of the positions in the mask."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        h = hidden(ids)
        logits = F.linear(h[mask], model.embed_tokens.weight)
    targets = ids.roll(-1, 1)[mask]
    return logits.float(), targets


@torch.no_grad()
def evaluate(model, data):
    """Mean loss and the share of examples whose every answer token is the most likely one (= greedy exact match)."""
    total, count, exact, rows = 0.0, 0, 0, 0
    for ids, mask in data:
        logits, targets = predictions(model, model.hidden, ids, mask)
        total += F.cross_entropy(logits, targets, reduction="sum").item()
        count += len(targets)
        wrong = torch.zeros(len(ids), dtype=torch.long)
        wrong.index_add_(0, mask.nonzero()[:, 0], (logits.argmax(-1) != targets).long())
        exact += (wrong == 0).sum().item()
        rows += len(ids)
    return {"held_loss": total / count, "held_exact": exact / rows}


def main():
    a = argparse.ArgumentParser()
    add_arguments(a, minutes=95, out="runs/extract-ar", rate=3e-3, seed=1, chunk=8000)
    a.add_argument("--init", help="checkpoint to go on from")
    args = a.parse_args()
    begin(args)
    config = Config()
    model = Model(config)
    before = FRESH
    if args.init:
        before = torch.load(args.init)
        model.load_state_dict(before["model"])
    hidden = hidden_of(model, args)

    def loss(batch):
        logits, targets = predictions(model, hidden, *batch)
        return F.cross_entropy(logits, targets)

    run(
        args,
        Training(
            model=model,
            config=config,
            before=before,
            batches=batches,
            loss=loss,
            evaluate=lambda data: evaluate(model, data),
            level=lambda done: 1.0 if args.init else min(1.0, 0.15 + done / 0.12),
            first_chunk=0,
            held_out=600,
            warmup=50 if args.init else 100,
            smoothing=0.97,
            seconds_to_evaluate=400,
            seconds_to_save=240,
        ),
    )


if __name__ == "__main__":
    main()
