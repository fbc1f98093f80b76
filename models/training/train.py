"""Trains the autoregressive model for a given wall-clock budget. Data is generated and tokenized by a second process.

    python train.py --minutes 95 --out runs/extract-ar
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

from data import answer, example, prompt
from model import Config, Model
from tokenizer import END, PAD, load

LENGTHS = (48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320, 384)


def encode(tokenizer, examples):
    """(ids, number of prompt tokens) of each example."""
    prompts = [prompt(e["signature"], e["text"]) for e in examples]
    full = tokenizer.encode_batch([p + answer(e["answer"]) + "<|end|>" for p, e in zip(prompts, examples)])
    return [(np.array(f.ids, np.int16), f.ids.index(5) + 1) for f in full]  # 5: <|assistant|>


def make_chunk(folder, seed, count, level, split="train"):
    rng = random.Random(seed)
    return encode(load(folder), [example(rng, split, level) for _ in range(count)])


def batches(samples, tokens, rng):
    """Batches of samples of like length, padded on the right: (ids, loss mask for the next token)."""
    by_length = {}
    for ids, start in samples:
        size = next((l for l in LENGTHS if l >= len(ids)), None)
        if size:
            by_length.setdefault(size, []).append((ids, start))
    out = []
    for size, group in by_length.items():
        rng.shuffle(group)
        rows = max(1, tokens // size)
        for i in range(0, len(group) - len(group) % rows or len(group), rows):
            part = group[i : i + rows]
            ids = np.full((len(part), size), PAD, np.int64)
            mask = np.zeros((len(part), size), bool)
            for row, (x, start) in enumerate(part):
                ids[row, : len(x)] = x
                mask[row, start - 1 : len(x) - 1] = True  # positions that predict answer tokens
            out.append((torch.from_numpy(ids), torch.from_numpy(mask)))
    rng.shuffle(out)
    return out


def loss_of(model, hidden, ids, mask, bf16):
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        h = hidden(ids)
        logits = F.linear(h[mask], model.embed_tokens.weight)
    targets = ids.roll(-1, 1)[mask]
    return logits.float(), targets


@torch.no_grad()
def evaluate(model, hidden, data, bf16):
    """Mean loss and the share of examples whose every answer token is the most likely one (= greedy exact match)."""
    total, count, exact, rows = 0.0, 0, 0, 0
    for ids, mask in data:
        logits, targets = loss_of(model, hidden, ids, mask, bf16)
        total += F.cross_entropy(logits, targets, reduction="sum").item()
        count += len(targets)
        wrong = torch.zeros(len(ids), dtype=torch.long)
        wrong.index_add_(0, mask.nonzero()[:, 0], (logits.argmax(-1) != targets).long())
        exact += (wrong == 0).sum().item()
        rows += len(ids)
    return total / count, exact / rows


class Threads:
    """One thread while other programs use the processor, all threads otherwise: a parallel loop waits for its slowest part."""

    def __init__(self, most):
        self.most, self.now, self.last, self.time = most, most, self.busy(), time.time()

    def busy(self):
        """Seconds of processor time of programs at normal priority (training runs under `nice`)."""
        try:
            user, _, system = Path("/proc/stat").read_text().split(maxsplit=4)[1:4]
            return (int(user) + int(system)) / 100
        except (OSError, ValueError):
            return 0.0

    def adapt(self):
        now, busy = time.time(), self.busy()
        if now - self.time < 2:
            return
        load, self.last, self.time = (busy - self.last) / (now - self.time), busy, now
        want = self.most if load < 0.35 else max(1, self.most - max(1, round(load)))
        if want != self.now:
            self.now = want
            torch.set_num_threads(want)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--minutes", type=float, default=95)
    a.add_argument("--tokenizer", default=str(Path(__file__).parent.parent / "extract-ar"))
    a.add_argument("--out", default="runs/extract-ar")
    a.add_argument("--tokens", type=int, default=4096, help="tokens a step")
    a.add_argument("--lr", type=float, default=3e-3)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--chunk", type=int, default=8000)
    a.add_argument("--init", help="checkpoint to go on from")
    a.add_argument("--start", type=float, default=0.0, help="share of the schedule that is already done, with --init")
    a.add_argument("--compile", action="store_true")
    args = a.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    bf16 = True
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    config = Config()
    model = Model(config)
    before = {"step": 0, "tokens": 0, "samples": 0, "seconds": 0.0}
    if args.init:
        before = torch.load(args.init)
        model.load_state_dict(before["model"])
    torch._inductor.config.cpp.dynamic_threads = True
    hidden = torch.compile(model.hidden, dynamic=True) if args.compile else model.hidden
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
    valid = batches(make_chunk(args.tokenizer, 999, 600, 1.0, "held"), args.tokens, rng)
    pool = ProcessPoolExecutor(1)
    begin = time.time()
    budget = args.minutes * 60
    done = lambda: args.start + (1 - args.start) * (time.time() - begin) / budget
    level = lambda: 1.0 if args.init else min(1.0, 0.15 + done() / 0.12)
    submit = lambda n: pool.submit(make_chunk, args.tokenizer, args.seed * 100000 + n, args.chunk, level())
    chunks, future = 0, submit(0)
    step, seen, samples, first = before["step"], before["tokens"], before["samples"], before["step"]
    mean, last_eval, last_save = None, before["seconds"], before["seconds"]
    threads = Threads(args.threads)
    record(parameters=sum(p.numel() for p in model.parameters()), **config.to_dict())
    while done() < 1:
        chunk, chunks = future.result(), chunks + 1
        future = submit(chunks)
        for ids, mask in batches(chunk, args.tokens, rng):
            if done() >= 1:
                break
            threads.adapt()
            rate = min(1, (step - first + 1) / (50 if args.init else 100)) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done())))
            logits, targets = loss_of(model, hidden, ids, mask, bf16)
            loss = F.cross_entropy(logits, targets)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for o in optimizers:
                for g in o.param_groups:
                    g["lr"] = args.lr * rate * (2 if o is optimizers[0] else 1)
                o.step()
                o.zero_grad(set_to_none=True)
            step, seen, samples = step + 1, seen + ids.numel(), samples + len(ids)
            mean = loss.item() if mean is None else 0.97 * mean + 0.03 * loss.item()
            now = time.time() - begin + before["seconds"]
            if step % 50 == 0:
                record(step=step, seconds=round(now), tokens=seen, samples=samples, threads=threads.now, loss=round(mean, 4), lr=round(args.lr * rate, 6))
            if now - last_eval > 400:
                l, e = evaluate(model, model.hidden, valid, bf16)
                record(step=step, seconds=round(now), tokens=seen, held_loss=round(l, 4), held_exact=round(e, 4))
                last_eval = now
            if now - last_save > 240:
                save(out, model, config, step, seen, samples, now)
                last_save = now
    save(out, model, config, step, seen, samples, time.time() - begin + before["seconds"])
    l, e = evaluate(model, model.hidden, valid, bf16)
    record(step=step, seconds=round(time.time() - begin + before["seconds"]), tokens=seen, samples=samples, held_loss=l, held_exact=e, final=True)
    pool.shutdown(cancel_futures=True)


def save(out, model, config, step, tokens, samples, seconds):
    state = {"model": model.state_dict(), "config": config.to_dict(), "step": step, "tokens": tokens, "samples": samples, "seconds": seconds}
    torch.save(state, out / "last.pt.new")
    (out / "last.pt.new").rename(out / "last.pt")


if __name__ == "__main__":
    main()
