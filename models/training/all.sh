#!/bin/sh
# Tokenizer (unless there is one), training, export, held-out examples, evaluation, random models.
# Usage: sh all.sh [minutes of training]
set -e
cd "$(dirname "$0")"
test -f ../extract-ar/tokenizer.json || python tokenizer.py ../extract-ar
python train.py --minutes "${1:-97}" --tokenizer ../extract-ar --out runs/extract-ar --compile
python export.py runs/extract-ar/last.pt ../extract-ar
python evaluate.py --write ../extract-ar/heldout.jsonl --model ../extract-ar
python random_models.py ../../test/fixtures/models
