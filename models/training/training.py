"""What both trainings share: batches of rows of like length, optimizers, the schedule, the log and the checkpoints."""

import json
import math
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import torch
import torch._inductor.config

from data import answer, example, prompt
from tokenizer import PAD, load


def encode(tokenizer, examples):
    """(ids, number of prompt tokens) of each example."""
    prompts = [prompt(e["signature"], e["text"]) for e in examples]
    full = tokenizer.encode_batch([p + answer(e["answer"]) + "<|end|>" for p, e in zip(prompts, examples)])
    return [(np.array(f.ids, np.int16), f.ids.index(5) + 1) for f in full]  # 5: <|assistant|>


def make_chunk(folder, seed, count, level, split="train"):
    rng = random.Random(seed)
    return encode(load(folder), [example(rng, split, level) for _ in range(count)])


def padded_batches(by_length, tokens, rng):
    """Batches of samples, padded on the right to the length they are listed under: (ids [rows, length], the samples)."""
    out = []
    for size, group in by_length.items():
        rng.shuffle(group)
        rows = max(1, tokens // size)
        for i in range(0, len(group) - len(group) % rows or len(group), rows):
            part = group[i : i + rows]
            ids = np.full((len(part), size), PAD, np.int64)
            for row, (x, _) in enumerate(part):
                ids[row, : len(x)] = x
            out.append((torch.from_numpy(ids), part))
    rng.shuffle(out)
    return out


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


class Optimizers:
    """Muon for matrices, AdamW for the rest and the embeddings; Muon's rate is twice as high."""

    def __init__(self, model, rate):
        matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
        others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
        self.model = model
        self.muon = torch.optim.Muon(
            matrices, lr=2 * rate, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"
        )
        self.adam = torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.97), weight_decay=0.0)

    def step(self, rate):
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer, factor in ((self.muon, 2), (self.adam, 1)):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)


class Log:
    """One JSON object a line, in a file and on the screen."""

    def __init__(self, file):
        self.file = file.open("a")

    def __call__(self, **row):
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()
        print(row, flush=True)


def save(out, model, config, step, tokens, samples, seconds):
    state = {"model": model.state_dict(), "config": config.to_dict(), "step": step, "tokens": tokens, "samples": samples, "seconds": seconds}
    torch.save(state, out / "last.pt.new")
    (out / "last.pt.new").rename(out / "last.pt")


FRESH = {"step": 0, "tokens": 0, "samples": 0, "seconds": 0.0}


@dataclass
class Training:
    """One kind of model: what is trained, on what, and what is asked of it. A batch begins with its ids."""

    model: torch.nn.Module
    config: object
    before: dict  # the checkpoint that is gone on from, or FRESH
    batches: Callable  # (samples, tokens a step, rng) -> batches
    loss: Callable  # a batch -> loss
    evaluate: Callable  # batches -> measures of the held-out examples, by name
    level: Callable  # the share of the schedule that is done -> how hard examples are
    first_chunk: int
    held_out: int  # examples
    warmup: int  # steps
    smoothing: float  # of the loss in the log
    seconds_to_evaluate: float
    seconds_to_save: float


def add_arguments(parser, minutes, out, rate, seed, chunk):
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--tokenizer", default=str(Path(__file__).parent.parent / "extract-ar"))
    parser.add_argument("--out", default=out)
    parser.add_argument("--tokens", type=int, default=4096, help="tokens a step")
    parser.add_argument("--lr", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--chunk", type=int, default=chunk)
    parser.add_argument("--start", type=float, default=0.0, help="share of the schedule that is already done, with --init")
    parser.add_argument("--compile", action="store_true")


def begin(args):
    """Seeds and threads, before anything random is made."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)


def hidden_of(model, args):
    """The model's forward pass, compiled on request."""
    torch._inductor.config.cpp.dynamic_threads = True
    return torch.compile(model.hidden, dynamic=True) if args.compile else model.hidden


def run(args, t):
    """Trains until the minutes are over: a warm-up, then half a cosine down to a fiftieth of the rate. Data is made by a second process."""
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    record, optimizers, threads = Log(out / "log.jsonl"), Optimizers(t.model, args.lr), Threads(args.threads)
    rng = random.Random(args.seed)
    valid = t.batches(make_chunk(args.tokenizer, 999, t.held_out, 1.0, "held"), args.tokens, rng)
    pool = ProcessPoolExecutor(1)
    begun, budget = time.time(), args.minutes * 60
    done = lambda: args.start + (1 - args.start) * (time.time() - begun) / budget
    seconds = lambda: time.time() - begun + t.before["seconds"]
    submit = lambda n: pool.submit(make_chunk, args.tokenizer, args.seed * 100000 + t.first_chunk + n, args.chunk, t.level(done()))
    chunks, future = 0, submit(0)
    step, seen, samples = (t.before[name] for name in ("step", "tokens", "samples"))
    mean, last_eval, last_save = None, t.before["seconds"], t.before["seconds"]
    record(parameters=sum(p.numel() for p in t.model.parameters()), **t.config.to_dict())
    while done() < 1:
        chunk, chunks = future.result(), chunks + 1
        future = submit(chunks)
        for batch in t.batches(chunk, args.tokens, rng):
            if done() >= 1:
                break
            threads.adapt()
            warm = min(1, (step - t.before["step"] + 1) / t.warmup)
            rate = args.lr * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done())))
            loss = t.loss(batch)
            loss.backward()
            optimizers.step(rate)
            step, seen, samples = step + 1, seen + batch[0].numel(), samples + len(batch[0])
            mean = loss.item() if mean is None else t.smoothing * mean + (1 - t.smoothing) * loss.item()
            now = seconds()
            if step % 50 == 0:
                record(step=step, seconds=round(now), tokens=seen, samples=samples, threads=threads.now, loss=round(mean, 4), lr=round(rate, 6))
            if now - last_eval > t.seconds_to_evaluate:
                record(step=step, seconds=round(now), tokens=seen, **{k: round(v, 4) for k, v in t.evaluate(valid).items()})
                last_eval = now
            if now - last_save > t.seconds_to_save:
                save(out, t.model, t.config, step, seen, samples, now)
                last_save = now
    now = seconds()
    save(out, t.model, t.config, step, seen, samples, now)
    record(step=step, seconds=round(now), tokens=seen, samples=samples, **t.evaluate(valid), final=True)
    pool.shutdown(cancel_futures=True)
