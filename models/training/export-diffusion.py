"""Writes a checkpoint of train-diffusion.py as an ONNX model: `input_ids` in, `logits` out, no cache.

    python export-diffusion.py runs/extract-diffusion/last.pt ../extract-diffusion
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto

from export import Graph, build_llama, generation_config, save_model, write_json
from tokenizer import END, MASK, PAD

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")


class CanvasGraph(Graph):
    """All positions see each other; nothing is cached."""

    def common_inputs(self, layers, kv_heads, head_dim, positions):
        self.input("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"])
        length = self.op("Gather", self.op("Shape", "input_ids"), self.const(1, np.int64), axis=0)
        self.positions = self.unsqueeze(self.op("Range", self.const(0, np.int64), length, self.const(1, np.int64)), 0)

    def attention(self, layer, q, k, v, heads, kv_heads, head_dim):
        k, v = self.unsqueeze(k, 2), self.unsqueeze(v, 2)
        q = self.reshape(q, 0, kv_heads, heads // kv_heads, -1, head_dim)
        scores = self.op("MatMul", q, self.op("Transpose", k, perm=[0, 1, 2, 4, 3]))
        weights = self.op("Softmax", self.op("Mul", scores, self.const(head_dim**-0.5, np.float32)), axis=-1)
        out = self.reshape(self.op("MatMul", weights, v), 0, heads, -1, head_dim)
        return self.reshape(self.op("Transpose", out, perm=[0, 2, 1, 3]), 0, 0, -1)

    def logits(self, x, vocabulary):
        """The hidden state of a position is about the next one: moves each row back to the position that it is about."""
        before = self.slice(x, self.i64(0), self.i64(-1), 1)
        x = self.op("Concat", self.slice(x, self.i64(0), self.i64(1), 1), before, axis=1)
        super().logits(x, vocabulary)


def config_of(c):
    return {
        "architectures": ["EspalierMaskedDiffusion"], "model_type": "llama-masked-diffusion", "attention_bias": False,
        "mlp_bias": False, "hidden_act": "silu", "is_causal": False, "vocab_size": c["vocab_size"],
        "hidden_size": c["hidden_size"], "intermediate_size": c["intermediate_size"],
        "num_hidden_layers": c["num_hidden_layers"], "num_attention_heads": c["num_attention_heads"],
        "num_key_value_heads": c["num_key_value_heads"], "head_dim": c["head_dim"],
        "max_position_embeddings": c["max_position_embeddings"], "rms_norm_eps": c["rms_norm_eps"],
        "rope_theta": c["rope_theta"], "tie_word_embeddings": True, "use_cache": False,
        "mask_token_id": MASK, "bos_token_id": None, "eos_token_id": END, "pad_token_id": PAD,
    }


def main(checkpoint, folder):
    import onnxruntime
    import torch

    from model import Config, Model

    saved = torch.load(checkpoint)
    c, folder = saved["config"], Path(folder)
    state = {k: v.float().numpy() for k, v in saved["model"].items()}
    path = save_model(build_llama(state, c, graph=CanvasGraph), folder)
    write_json(folder / "config.json", config_of(c))
    write_json(folder / "generation_config.json", generation_config(END, PAD, c["max_position_embeddings"]))
    for name in TOKENIZER_FILES:
        shutil.copyfile(Path(__file__).parent.parent / "extract-ar" / name, folder / name)

    model = Model(Config(**c))
    model.load_state_dict({k: v.half().float() if v.ndim == 2 else v for k, v in saved["model"].items()})
    session = onnxruntime.InferenceSession(str(path))
    worst = 0.0
    for length in (3, 40, 129):
        ids = np.random.default_rng(length).integers(0, c["vocab_size"], (2, length))
        with torch.no_grad():
            want = model(torch.from_numpy(ids)).numpy()
        got = session.run(["logits"], {"input_ids": ids})[0]
        worst = max(worst, float(np.abs(got[:, 1:] - want[:, :-1]).max()))
    assert worst < 1e-2, f"the exported model differs from the reference by {worst}"
    print(f"{path}: {path.stat().st_size} bytes, largest difference from the reference {worst:.2e}; trained {saved['seconds']:.0f} s, {saved['tokens']} tokens, {saved['samples']} examples, step {saved['step']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
