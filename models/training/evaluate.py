"""Held-out examples and the unconstrained evaluation of an exported model with onnxruntime.

    python evaluate.py --write ../extract-ar/heldout.jsonl      # writes the examples
    python evaluate.py --model ../extract-ar                    # greedy decoding without constraints
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np

from data import example, json_schema, answer, prompt
from export import run
from tokenizer import END, load

LIMIT = 256  # new tokens at most


def write(path, count=300, seed=2026):
    rng, seen, rows = random.Random(seed), set(), []
    while len(rows) < count:
        e = example(rng, "held")
        if e["text"] in seen:
            continue
        seen.add(e["text"])
        rows.append({"id": f"{e['domain']}-{len(rows):03d}", "domain": e["domain"], "schema": json_schema(e["type"]),
                     "signature": e["signature"], "text": e["text"], "answer": e["answer"]})
    Path(path).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))


def greedy(session, shape, ids, limit=LIMIT):
    """Greedy decoding with the cache; returns new ids without the end token, and whether it ended by itself."""
    out, past = [], None
    feed = np.array([ids])
    length = len(ids)
    while len(out) < limit:
        positions = np.arange(length - feed.shape[1], length)[None]
        mask = np.ones((1, length), np.int64)
        logits, past = run(session, shape, feed, mask, positions, past)
        token = int(logits[0, -1].argmax())
        if token == END:
            return out, True
        out.append(token)
        feed, length = np.array([[token]]), length + 1
    return out, False


def leaves(value, path=()):
    """path -> value of every scalar; an empty array or object counts as one."""
    if isinstance(value, dict) and value:
        return {k: v for key, x in value.items() for k, v in leaves(x, path + (key,)).items()}
    if isinstance(value, list) and value:
        return {k: v for i, x in enumerate(value) for k, v in leaves(x, path + (i,)).items()}
    return {path: json.dumps(value)}


def valid(value, schema):
    from jsonschema import Draft202012Validator as Validator

    return Validator(schema, format_checker=Validator.FORMAT_CHECKER).is_valid(value)


def evaluate(folder, limit=None, verbose=False):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(Path(folder) / "onnx" / "model.onnx"), options)
    c = json.loads((Path(folder) / "config.json").read_text())
    shape = {"layers": c["num_hidden_layers"], "kv_heads": c["num_key_value_heads"], "head_dim": c["head_dim"]}
    tokenizer = load(folder)
    rows = [json.loads(l) for l in (Path(folder) / "heldout.jsonl").read_text().splitlines()][:limit]
    domains, begin, tokens = {}, time.time(), 0
    for row in rows:
        ids, ended = greedy(session, shape, tokenizer.encode(prompt(row["signature"], row["text"])).ids)
        tokens += len(ids)
        text = tokenizer.decode(ids, skip_special_tokens=False)
        try:
            value = json.loads(text) if ended else None
            parsed = ended
        except ValueError:
            value, parsed = None, False
        ok = parsed and valid(value, row["schema"])
        want, got = leaves(row["answer"]), leaves(value) if parsed and isinstance(value, dict) else {}
        right = sum(got.get(k) == v for k, v in want.items())
        exact = parsed and answer(value) == answer(row["answer"])
        for d in (row["domain"], "all"):
            s = domains.setdefault(d, dict(n=0, exact=0, fields=0, right=0, unparsed=0, invalid=0))
            s["n"] += 1
            s["exact"] += exact
            s["fields"] += len(want)
            s["right"] += right
            s["unparsed"] += not parsed
            s["invalid"] += not ok
        if verbose and not exact:
            print(f"{row['id']} {row['signature']}\n  {row['text']!r}\n  want {answer(row['answer'])}\n  got  {text}")
    seconds = time.time() - begin
    print("| domain | examples | objects exact | fields exact | not JSON | not valid |\n|---|---|---|---|---|---|")
    for d in sorted(domains, key=lambda d: (d == "all", d)):
        s = domains[d]
        share = lambda a, b: f"{100 * a / b:.1f} %"
        print(f"| {d} | {s['n']} | {share(s['exact'], s['n'])} | {share(s['right'], s['fields'])} | {share(s['unparsed'], s['n'])} | {share(s['invalid'], s['n'])} |")
    print(f"{tokens} new tokens in {seconds:.1f} s")
    return domains["all"]


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    a.add_argument("--write")
    a.add_argument("--model")
    a.add_argument("--limit", type=int)
    a.add_argument("--verbose", action="store_true")
    args = a.parse_args()
    if args.write:
        write(args.write)
    if args.model:
        evaluate(args.model, args.limit, args.verbose)
