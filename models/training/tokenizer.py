"""Byte-level BPE tokenizer in the Hugging Face `tokenizer.json` format.

Words, spaces-and-punctuation runs and single digits are split apart before BPE, so that a word is the same tokens in the
text ("lives in London") and in the answer ("\"London\""): copying a span is copying tokens.
"""

import json
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from data import answer, corpus, prompt

SPECIAL = ["<|pad|>", "<|end|>", "<|mask|>", "<|system|>", "<|user|>", "<|assistant|>"]
PAD, END, MASK = 0, 1, 2
VOCABULARY = 1792
PATTERN = r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{L}\p{M}]+|\p{N}|[^\p{L}\p{M}\p{N}]+"
TEMPLATE = (
    "{%- for message in messages -%}{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{%- if message['role'] == 'assistant' -%}{{ '<|end|>' }}{%- endif -%}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|assistant|>' }}{%- endif -%}"
)


def train(samples=40000, seed=7):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(t, special=True, normalized=False) for t in SPECIAL],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )

    def texts():
        for ex in corpus(seed, samples):
            yield "Answer as JSON: " + ex["signature"]
            yield ex["text"]
            yield answer(ex["answer"])

    tokenizer.train_from_iterator(texts(), trainer)
    return tokenizer


def save(tokenizer, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"eos_token": "<|end|>", "pad_token": "<|pad|>", "mask_token": "<|mask|>"}
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 512,
        "padding_side": "left",
        **special,
        "added_tokens_decoder": {
            str(i): {"content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
            for i, t in enumerate(SPECIAL)
        },
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    (folder / "chat_template.jinja").write_text(TEMPLATE)


def load(folder):
    return Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "../extract-ar"
    save(train(), folder)
    t = load(folder)
    lengths = []
    for ex in corpus(11, 3000):
        ids = t.encode(prompt(ex["signature"], ex["text"]) + answer(ex["answer"]) + "<|end|>").ids
        lengths.append(len(ids))
    lengths.sort()
    print("vocabulary", t.get_vocab_size(), "tokens a sample: mean", sum(lengths) / len(lengths), "p50", lengths[1500], "p99", lengths[2970], "max", lengths[-1])
