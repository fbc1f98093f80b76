"""Writes tiny models with random weights, in the layouts of Hugging Face ONNX exports, as fixtures for tests.

    python random_models.py ../../test/fixtures/models
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from export import build_gpt2, build_llama, generation_config, llama_config, run, save_model, verify, write_json
from model import Config, Model


def byte_tokenizer(folder, special, eos, pad):
    """256 byte tokens, no merges, then the special tokens."""
    vocabulary = {t: i for i, t in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    t = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    t.decoder = decoders.ByteLevel()
    t.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in special])
    t.save(str(folder / "tokenizer.json"))
    write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, "model_max_length": 128,
        "eos_token": eos, "pad_token": pad,
        "added_tokens_decoder": {str(256 + i): {"content": s, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True} for i, s in enumerate(special)},
    })
    return t


def references(tokenizer, forward, eos):
    out = []
    for text in ('Answer: {"name": "Ada", "age": 36}', "[1, 2.5, null]", "naïve ☃ text"):
        ids = tokenizer.encode(text).ids + [eos]
        logits = forward(np.array([ids]))[0, -1]
        out.append({"text": text, "input_ids": ids, "last_logits": [round(float(x), 6) for x in logits]})
    return out


def check(folder, shape, forward, vocabulary, tolerance, dtype):
    session = onnxruntime.InferenceSession(str(folder / "onnx" / "model.onnx"))
    worst = verify(session, shape, forward, vocabulary, tolerance, dtype)
    for r in json.loads((folder / "reference.json").read_text())["sequences"]:
        logits, _ = run(session, shape, np.array([r["input_ids"]]), dtype=dtype)
        worst = max(worst, float(np.abs(logits[0, -1].astype(np.float32) - np.array(r["last_logits"])).max()))
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    print(f"{folder.name}: {size} bytes, inputs {[i.name for i in session.get_inputs()][:3]}, largest difference {worst:.2e}")
    assert worst < tolerance and size < 300_000


def llama(root, name, seed, positions, io, external):
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    special = ["<|pad|>", "<|end|>"]
    tokenizer = byte_tokenizer(folder, special, "<|end|>", "<|pad|>")
    c = Config(vocab_size=258, hidden_size=24, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=128)
    model = Model(c)
    with torch.no_grad():  # large enough weights for clearly different logits, exact in float16
        for p in model.parameters():
            p.copy_((torch.randn_like(p) * (0.25 if p.ndim == 2 else 0.1) + (0 if p.ndim == 2 else 1)).half().float())
    forward = lambda ids: model(torch.from_numpy(ids)).detach().numpy()
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    save_model(build_llama(state, c.to_dict(), "float16", io, positions), folder, external)
    write_json(folder / "config.json", llama_config(c.to_dict(), 257, 256, **({"torch_dtype": "float16"} if io == "float16" else {})))
    write_json(folder / "generation_config.json", generation_config(257, 256, 128))
    write_json(folder / "reference.json", {"sequences": references(tokenizer, forward, 257)})
    shape = {"layers": 2, "kv_heads": 2, "head_dim": 8}
    check(folder, shape, forward, 256, 1e-3 if io == "float32" else 5e-2, np.dtype(io))


def gpt2(root, name, seed):
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer(folder, ["<|endoftext|>"], "<|endoftext|>", "<|endoftext|>")
    c = {"vocab_size": 257, "n_positions": 128, "n_ctx": 128, "n_embd": 24, "n_head": 3, "n_layer": 2, "n_inner": None, "layer_norm_epsilon": 1e-5}
    generator = torch.Generator().manual_seed(seed)
    width = c["n_embd"]
    shapes = {"wte": (257, width), "wpe": (128, width)}
    for n in range(2):
        shapes |= {f"h.{n}.attn.c_attn": (width, 3 * width), f"h.{n}.attn.c_proj": (width, width), f"h.{n}.mlp.c_fc": (width, 4 * width), f"h.{n}.mlp.c_proj": (4 * width, width)}
    draw = lambda *s: torch.randn(*s, generator=generator)
    state = {}
    for k, s in shapes.items():
        state[k + ".weight"] = (0.25 * draw(*s)).half().float()
        if k not in ("wte", "wpe"):
            state[k + ".bias"] = 0.1 * draw(s[1])
    for k in ("h.0.ln_1", "h.0.ln_2", "h.1.ln_1", "h.1.ln_2", "ln_f"):
        state[k + ".weight"], state[k + ".bias"] = 1 + 0.1 * draw(width), 0.1 * draw(width)

    def forward(ids):
        ids = torch.from_numpy(ids)
        batch, length = ids.shape
        s = state
        norm = lambda x, k: F.layer_norm(x, (width,), s[k + ".weight"], s[k + ".bias"], 1e-5)
        linear = lambda x, k: x @ s[k + ".weight"] + s[k + ".bias"]
        x = s["wte.weight"][ids] + s["wpe.weight"][:length]
        for n in range(2):
            q, k, v = (t.view(batch, length, 3, 8).transpose(1, 2) for t in linear(norm(x, f"h.{n}.ln_1"), f"h.{n}.attn.c_attn").chunk(3, -1))
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, width)
            x = x + linear(a, f"h.{n}.attn.c_proj")
            x = x + linear(F.gelu(linear(norm(x, f"h.{n}.ln_2"), f"h.{n}.mlp.c_fc"), approximate="tanh"), f"h.{n}.mlp.c_proj")
        return (norm(x, "ln_f") @ s["wte.weight"].T).numpy()

    save_model(build_gpt2({k: v.numpy() for k, v in state.items()}, c), folder)
    write_json(folder / "config.json", {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new", "bos_token_id": 256, "eos_token_id": 256, "use_cache": True, "tie_word_embeddings": True, **c})
    write_json(folder / "generation_config.json", {"bos_token_id": 256, "eos_token_id": 256})
    write_json(folder / "reference.json", {"sequences": references(tokenizer, forward, 256)})
    check(folder, {"layers": 2, "kv_heads": 3, "head_dim": 8}, forward, 256, 1e-3, np.float32)


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "../../test/fixtures/models")
    llama(root, "llama-random", 11, True, "float32", False)
    llama(root, "llama-random-fp16", 12, False, "float16", True)
    gpt2(root, "gpt2-random", 13)
