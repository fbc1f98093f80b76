"""Examples to choose settings on: made like the held-out ones, from another seed, and none of their texts.

    python validation.py OUT.jsonl [--count 300] [--seed 2027]
"""

import argparse
import json
import random
from pathlib import Path

from data import example, json_schema

HELD_OUT = Path(__file__).parent / ".." / "extract-ar" / "heldout.jsonl"


def write(path, count, seed):
    rng, rows = random.Random(seed), []
    seen = {json.loads(line)["text"] for line in HELD_OUT.read_text().splitlines()}
    while len(rows) < count:
        e = example(rng, "held")
        if e["text"] in seen:
            continue
        seen.add(e["text"])
        rows.append({"id": f"{e['domain']}-{len(rows):03d}", "domain": e["domain"], "schema": json_schema(e["type"]),
                     "signature": e["signature"], "text": e["text"], "answer": e["answer"]})
    Path(path).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--count", type=int, default=300)
    p.add_argument("--seed", type=int, default=2027)
    a = p.parse_args()
    write(a.out, a.count, a.seed)
