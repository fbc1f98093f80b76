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
import json
import math
import random
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch._inductor.config
import torch.nn.functional as F

from model import Config, Model
from tokenizer import MASK, PAD
from train import Threads, make_chunk, save

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
    out = []
    for size, group in by_length.items():
        rng.shuffle(group)
        rows = max(1, tokens // size)
        for i in range(0, len(group) - len(group) % rows or len(group), rows):
            part = group[i : i + rows]
            ids = np.full((len(part), size), PAD, np.int64)
            for row, (x, _) in enumerate(part):
                ids[row, : len(x)] = x
            out.append((torch.from_numpy(ids), torch.tensor([start for _, start in part])))
    rng.shuffle(out)
    return out


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
    """(mean weighted loss, share of hidden tokens that are the most likely ones, padding aside), with the same noise every time."""
    generator = torch.Generator().manual_seed(5)
    total, rows, right, count = 0.0, 0, 0, 0
    for ids, starts in data:
        loss, _, logits, targets = loss_of(model, model.hidden, ids, starts, generator)
        total, rows = total + loss.item() * len(ids), rows + len(ids)
        kept = targets != PAD
        right, count = right + (logits.argmax(-1) == targets)[kept].sum().item(), count + kept.sum().item()
    return total / rows, right / count


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--init", required=True, help="checkpoint: of the autoregressive model, or of this one with --start")
    a.add_argument("--start", type=float, default=0.0, help="share of the schedule that is already done")
    a.add_argument("--minutes", type=float, default=62)
    a.add_argument("--tokenizer", default=str(Path(__file__).parent.parent / "extract-ar"))
    a.add_argument("--out", default="runs/extract-diffusion")
    a.add_argument("--tokens", type=int, default=4096, help="tokens a step")
    a.add_argument("--lr", type=float, default=2e-3)
    a.add_argument("--seed", type=int, default=21)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--chunk", type=int, default=4000)
    a.add_argument("--compile", action="store_true")
    args = a.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    before = torch.load(args.init)
    config = Config(**{**before["config"], "causal": False})
    model = Model(config)
    model.load_state_dict(before["model"])
    if args.start == 0:
        before = {"step": 0, "tokens": 0, "samples": 0, "seconds": 0.0}
        with torch.no_grad():  # the mask token has not been read before: begin with the mean of what has
            model.embed_tokens.weight[MASK] = model.embed_tokens.weight[MASK + 1 :].mean(0)
    torch._inductor.config.cpp.dynamic_threads = True
    forward = torch.compile(model.hidden, dynamic=True) if args.compile else model.hidden
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    optimizers = [
        torch.optim.Muon(matrices, lr=2 * args.lr, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=args.lr, betas=(0.9, 0.97), weight_decay=0.0),
    ]
    log = (out / "log.jsonl").open("a")

    def record(**row):
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(row, flush=True)

    rng = random.Random(args.seed)
    generator = torch.Generator().manual_seed(args.seed + before["step"])
    valid = batches(make_chunk(args.tokenizer, 999, 200, 1.0, "held"), args.tokens, rng)
    pool = ProcessPoolExecutor(1)
    begin, budget = time.time(), args.minutes * 60
    done = lambda: args.start + (1 - args.start) * (time.time() - begin) / budget
    submit = lambda n: pool.submit(make_chunk, args.tokenizer, args.seed * 100000 + before["step"] + n, args.chunk, 1.0)
    chunks, future = 0, submit(0)
    step, seen, samples = before["step"], before["tokens"], before["samples"]
    mean, last_eval, last_save = None, before["seconds"], before["seconds"]
    threads = Threads(args.threads)
    record(parameters=sum(p.numel() for p in model.parameters()), **config.to_dict())
    while done() < 1:
        chunk, chunks = future.result(), chunks + 1
        future = submit(chunks)
        for ids, starts in batches(chunk, args.tokens, rng):
            if done() >= 1:
                break
            threads.adapt()
            rate = min(1, (step - before["step"] + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done())))
            loss, *_ = loss_of(model, forward, ids, starts, generator)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for o in optimizers:
                for g in o.param_groups:
                    g["lr"] = args.lr * rate * (2 if o is optimizers[0] else 1)
                o.step()
                o.zero_grad(set_to_none=True)
            step, seen, samples = step + 1, seen + ids.numel(), samples + len(ids)
            mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
            now = time.time() - begin + before["seconds"]
            if step % 50 == 0:
                record(step=step, seconds=round(now), tokens=seen, samples=samples, loss=round(mean, 4), lr=round(args.lr * rate, 6))
            if now - last_eval > 600:
                held, right = evaluate(model, valid)
                record(step=step, seconds=round(now), tokens=seen, held_loss=round(held, 4), held_right=round(right, 4))
                last_eval = now
            if now - last_save > 180:
                save(out, model, config, step, seen, samples, now)
                last_save = now
    now = time.time() - begin + before["seconds"]
    save(out, model, config, step, seen, samples, now)
    held, right = evaluate(model, valid)
    record(step=step, seconds=round(now), tokens=seen, samples=samples, held_loss=held, held_right=right, final=True)
    pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    main()
