"""Writes a checkpoint as an ONNX model in the layout of Hugging Face exports. The graph is built by hand.

    python export.py runs/extract-ar/last.pt ../extract-ar
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
ELEMENT = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16}


class Graph:
    """A small builder: every method adds a node and gives back the name of its output."""

    def __init__(self, store="float16", io="float32"):
        self.nodes, self.inits, self.inputs, self.outputs = [], [], [], []
        self.store, self.io, self.count = store, io, 0

    def op(self, kind, *inputs, outputs=1, name=None, **attributes):
        self.count += 1
        names = [name] if name else [f"{kind}_{self.count}" + (f"_{i}" if outputs > 1 else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"node_{self.count}_{kind}", **attributes))
        return names[0] if outputs == 1 else names

    def const(self, value, dtype):
        self.count += 1
        name = f"const_{self.count}"
        self.inits.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def i64(self, *values):
        return self.const(list(values), np.int64)

    def weight(self, name, array):
        """A weight, stored small and used as float32."""
        array = np.ascontiguousarray(array.astype(np.float32))
        if self.store == "float16" and array.ndim == 2:
            self.inits.append(numpy_helper.from_array(array.astype(np.float16), name))
            return self.op("Cast", name, to=TensorProto.FLOAT)
        self.inits.append(numpy_helper.from_array(array, name))
        return name

    def input(self, name, element, shape):
        self.inputs.append(helper.make_tensor_value_info(name, element, shape))
        return name

    def output(self, name, element, shape):
        self.outputs.append(helper.make_tensor_value_info(name, element, shape))

    def reshape(self, x, *shape):
        return self.op("Reshape", x, self.i64(*shape))

    def unsqueeze(self, x, *axes):
        return self.op("Unsqueeze", x, self.i64(*axes))

    def slice(self, x, start, end, axis):
        return self.op("Slice", x, start, end, self.i64(axis))

    # the parts that all models share

    def common_inputs(self, layers, kv_heads, head_dim, positions):
        self.input("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"])
        self.input("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"])
        if positions:
            self.input("position_ids", TensorProto.INT64, ["batch_size", "sequence_length"])
        self.past = []
        for n in range(layers):
            pair = [self.input(f"past_key_values.{n}.{k}", ELEMENT[self.io], ["batch_size", kv_heads, "past_sequence_length", head_dim]) for k in ("key", "value")]
            self.past.append([self.to_float(p) for p in pair])
        one = lambda x, i: self.op("Gather", self.op("Shape", x), self.i64(i), axis=0)
        self.sequence, self.total = one("input_ids", 1), one("attention_mask", 1)
        self.past_length = self.op("Sub", self.total, self.sequence)
        self.positions = "position_ids" if positions else self.mask_positions()
        self.bias = self.attention_bias()

    def to_float(self, x):
        return x if self.io == "float32" else self.op("Cast", x, to=TensorProto.FLOAT)

    def mask_positions(self):
        """Positions from the attention mask: a running count of the attended tokens."""
        count = self.op("Sub", self.op("CumSum", "attention_mask", self.const(1, np.int64)), self.i64(1))
        count = self.op("Max", count, self.i64(0))
        return self.slice(count, self.past_length, self.total, 1)

    def attention_bias(self):
        """[batch, 1, 1, sequence, total]: 0 where a query may look, a large negative number elsewhere."""
        scalar = lambda x: self.op("Squeeze", x, self.i64(0))
        keys = self.op("Range", self.const(0, np.int64), scalar(self.total), self.const(1, np.int64))
        queries = self.slice(keys, self.past_length, self.total, 0)
        causal = self.op("LessOrEqual", self.unsqueeze(keys, 0), self.unsqueeze(queries, 1))
        attended = self.op("Cast", "attention_mask", to=TensorProto.BOOL)
        allowed = self.op("And", self.unsqueeze(causal, 0, 1, 2), self.unsqueeze(attended, 1, 2, 3))
        return self.op("Where", allowed, self.const(0, np.float32), self.const(-1e9, np.float32))

    def attention(self, layer, q, k, v, heads, kv_heads, head_dim):
        """q [batch, heads, sequence, head_dim], k and v [batch, kv_heads, sequence, head_dim] -> [batch, sequence, heads * head_dim]."""
        new = []
        for kind, past, x in (("key", self.past[layer][0], k), ("value", self.past[layer][1], v)):
            name = f"present.{layer}.{kind}"
            if self.io == "float32":
                full = self.op("Concat", past, x, axis=2, name=name)
            else:
                full = self.op("Concat", past, x, axis=2)
                self.op("Cast", full, to=ELEMENT[self.io], name=name)
            self.output(name, ELEMENT[self.io], ["batch_size", kv_heads, "total_sequence_length", head_dim])
            new.append(self.unsqueeze(full, 2))
        q = self.reshape(q, 0, kv_heads, heads // kv_heads, -1, head_dim)
        scores = self.op("MatMul", q, self.op("Transpose", new[0], perm=[0, 1, 2, 4, 3]))
        scores = self.op("Mul", scores, self.const(head_dim**-0.5, np.float32))
        weights = self.op("Softmax", self.op("Add", scores, self.bias), axis=-1)
        out = self.reshape(self.op("MatMul", weights, new[1]), 0, heads, -1, head_dim)
        return self.reshape(self.op("Transpose", out, perm=[0, 2, 1, 3]), 0, 0, -1)

    def heads(self, x, n, head_dim):
        return self.op("Transpose", self.reshape(x, 0, 0, n, head_dim), perm=[0, 2, 1, 3])

    def logits(self, x, vocabulary):
        if self.io == "float32":
            self.nodes[-1].output[0] = "logits"
        else:
            self.op("Cast", x, to=ELEMENT[self.io], name="logits")
        self.outputs.insert(0, helper.make_tensor_value_info("logits", ELEMENT[self.io], ["batch_size", "sequence_length", vocabulary]))

    def model(self):
        graph = helper.make_graph(self.nodes, "main_graph", self.inputs, self.outputs, self.inits)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="espalier")
        model.ir_version = 8
        onnx.checker.check_model(model, full_check=True)
        return model


def build_llama(state, c, store="float16", io="float32", positions=True, graph=Graph):
    """state: name -> numpy array, as in model.py; c: the configuration as a dict; graph: how it attends, and what goes in."""
    g = graph(store, io)
    heads, kv, dim, eps = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"], c["rms_norm_eps"]
    g.common_inputs(c["num_hidden_layers"], kv, dim, positions)

    inverse = c["rope_theta"] ** (-np.arange(dim // 2, dtype=np.float32) / (dim // 2))
    # positions * inverse frequencies in the graph: no table to store
    spread = g.op("Mul", g.op("Cast", g.unsqueeze(g.positions, 1, 3), to=TensorProto.FLOAT), g.const(inverse, np.float32))
    cos, sin = g.op("Cos", spread), g.op("Sin", spread)

    def rotate(x):
        a, b = g.op("Split", x, g.i64(dim // 2, dim // 2), outputs=2, axis=-1)
        left = g.op("Sub", g.op("Mul", a, cos), g.op("Mul", b, sin))
        right = g.op("Add", g.op("Mul", b, cos), g.op("Mul", a, sin))
        return g.op("Concat", left, right, axis=-1)

    def norm(x, name):
        variance = g.op("ReduceMean", g.op("Mul", x, x), axes=[-1], keepdims=1)
        x = g.op("Div", x, g.op("Sqrt", g.op("Add", variance, g.const(eps, np.float32))))
        return g.op("Mul", x, g.weight(name, state[name]))

    linear = lambda x, name: g.op("MatMul", x, g.weight(name, state[name].T))
    embedding = g.weight("embed_tokens.weight", state["embed_tokens.weight"])
    x = g.op("Gather", embedding, "input_ids")
    for n in range(c["num_hidden_layers"]):
        p = f"layers.{n}."
        h = norm(x, p + "input_layernorm.weight")
        q = rotate(g.heads(linear(h, p + "q_proj.weight"), heads, dim))
        k = rotate(g.heads(linear(h, p + "k_proj.weight"), kv, dim))
        v = g.heads(linear(h, p + "v_proj.weight"), kv, dim)
        x = g.op("Add", x, linear(g.attention(n, q, k, v, heads, kv, dim), p + "o_proj.weight"))
        h = norm(x, p + "post_attention_layernorm.weight")
        gate = linear(h, p + "gate_proj.weight")
        gate = g.op("Mul", gate, g.op("Sigmoid", gate))
        x = g.op("Add", x, linear(g.op("Mul", gate, linear(h, p + "up_proj.weight")), p + "down_proj.weight"))
    x = norm(x, "norm.weight")
    x = g.op("MatMul", x, g.op("Transpose", embedding, perm=[1, 0]))
    g.logits(x, c["vocab_size"])
    return g.model()


def build_gpt2(state, c, store="float16", io="float32", positions=True):
    """GPT-2: learned positions, LayerNorm, one projection for q, k and v, tanh GELU. Linear weights are [in, out]."""
    g = Graph(store, io)
    width, heads, eps = c["n_embd"], c["n_head"], c["layer_norm_epsilon"]
    dim = width // heads
    g.common_inputs(c["n_layer"], heads, dim, positions)
    norm = lambda x, n: g.op("LayerNormalization", x, g.weight(n + ".weight", state[n + ".weight"]), g.weight(n + ".bias", state[n + ".bias"]), axis=-1, epsilon=eps)
    linear = lambda x, n: g.op("Add", g.op("MatMul", x, g.weight(n + ".weight", state[n + ".weight"])), g.weight(n + ".bias", state[n + ".bias"]))

    def gelu(x):
        cube = g.op("Mul", g.op("Mul", x, x), x)
        inner = g.op("Add", x, g.op("Mul", cube, g.const(0.044715, np.float32)))
        t = g.op("Tanh", g.op("Mul", inner, g.const((2 / np.pi) ** 0.5, np.float32)))
        return g.op("Mul", g.op("Mul", x, g.const(0.5, np.float32)), g.op("Add", t, g.const(1, np.float32)))

    embedding = g.weight("wte.weight", state["wte.weight"])
    x = g.op("Add", g.op("Gather", embedding, "input_ids"), g.op("Gather", g.weight("wpe.weight", state["wpe.weight"]), g.positions))
    for n in range(c["n_layer"]):
        p = f"h.{n}."
        fused = linear(norm(x, p + "ln_1"), p + "attn.c_attn")
        q, k, v = (g.heads(t, heads, dim) for t in g.op("Split", fused, g.i64(width, width, width), outputs=3, axis=-1))
        x = g.op("Add", x, linear(g.attention(n, q, k, v, heads, heads, dim), p + "attn.c_proj"))
        x = g.op("Add", x, linear(gelu(linear(norm(x, p + "ln_2"), p + "mlp.c_fc")), p + "mlp.c_proj"))
    x = norm(x, "ln_f")
    x = g.op("MatMul", x, g.op("Transpose", embedding, perm=[1, 0]))
    g.logits(x, c["vocab_size"])
    return g.model()


def save_model(model, folder, external=False):
    path = Path(folder) / "onnx" / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    if external:
        (path.parent / "model.onnx_data").unlink(missing_ok=True)
        onnx.save_model(model, str(path), save_as_external_data=True, all_tensors_to_one_file=True, location="model.onnx_data", size_threshold=256)
        (path.parent / "model.onnx_data").chmod(0o644)
    else:
        onnx.save_model(model, str(path))
    return path


def write_json(path, value):
    Path(path).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def llama_config(c, eos, pad, **extra):
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": False, "mlp_bias": False, "hidden_act": "silu",
        "vocab_size": c["vocab_size"], "hidden_size": c["hidden_size"], "intermediate_size": c["intermediate_size"],
        "num_hidden_layers": c["num_hidden_layers"], "num_attention_heads": c["num_attention_heads"],
        "num_key_value_heads": c["num_key_value_heads"], "head_dim": c["head_dim"],
        "max_position_embeddings": c["max_position_embeddings"], "rms_norm_eps": c["rms_norm_eps"], "rope_theta": c["rope_theta"],
        "rope_scaling": None, "tie_word_embeddings": True, "use_cache": True,
        "bos_token_id": None, "eos_token_id": eos, "pad_token_id": pad, **extra,
    }


def generation_config(eos, pad, length):
    return {"bos_token_id": None, "eos_token_id": eos, "pad_token_id": pad, "do_sample": False, "max_length": length}


def run(session, config, ids, mask=None, position_ids=None, past=None, dtype=np.float32):
    """One call of an exported model: (logits, past). config needs layers, kv_heads, head_dim."""
    batch, length = ids.shape
    if past is None:
        past = [np.zeros((batch, config["kv_heads"], 0, config["head_dim"]), dtype) for _ in range(2 * config["layers"])]
    total = past[0].shape[2] + length
    mask = np.ones((batch, total), np.int64) if mask is None else mask
    feed = {"input_ids": ids.astype(np.int64), "attention_mask": mask.astype(np.int64)}
    if any(i.name == "position_ids" for i in session.get_inputs()):
        if position_ids is None:
            position_ids = np.maximum(mask.cumsum(1) - 1, 0)[:, -length:]
        feed["position_ids"] = position_ids.astype(np.int64)
    for n in range(config["layers"]):
        feed[f"past_key_values.{n}.key"], feed[f"past_key_values.{n}.value"] = past[2 * n], past[2 * n + 1]
    names = ["logits"] + [f"present.{n}.{k}" for n in range(config["layers"]) for k in ("key", "value")]
    out = session.run(names, feed)
    return out[0], out[1:]


def verify(session, shape, reference, vocabulary, tolerance, dtype=np.float32, seed=3):
    """Compares an exported model with a reference forward: without cache, with cache, and with left padding in a batch of two.

    reference(ids [1, n]) -> logits [1, n, vocabulary]
    """
    r = np.random.default_rng(seed)
    worst = 0.0

    def close(a, b):
        nonlocal worst
        worst = max(worst, float(np.abs(a.astype(np.float32) - b).max()))

    a, b = r.integers(6, vocabulary, (1, 23)), r.integers(6, vocabulary, (1, 17))
    want_a, want_b = reference(a), reference(b)
    close(run(session, shape, a, dtype=dtype)[0], want_a)
    logits, past = run(session, shape, a[:, :9], dtype=dtype)
    close(logits, want_a[:, :9])
    for start, end in ((9, 14), (14, 15), (15, 16), (16, 23)):  # several tokens a call, one token a call
        logits, past = run(session, shape, a[:, start:end], past=past, dtype=dtype)
        close(logits, want_a[:, start:end])
    both = np.concatenate([a, np.concatenate([np.zeros((1, 6), np.int64), b], 1)])
    mask = np.ones_like(both)
    mask[1, :6] = 0
    logits, past = run(session, shape, both[:, :20], mask[:, :20], dtype=dtype)
    close(logits[0], want_a[0, :20])
    close(logits[1, 6:], want_b[0, :14])
    logits, past = run(session, shape, both[:, 20:], mask, past=past, dtype=dtype)
    close(logits[0], want_a[0, 20:])
    close(logits[1], want_b[0, 14:])
    assert worst < tolerance, f"exported model differs from the reference by {worst}"
    return worst


def main(checkpoint, folder):
    import onnxruntime
    import torch

    from model import Config, Model
    from tokenizer import END, PAD

    saved = torch.load(checkpoint)
    c, folder = saved["config"], Path(folder)
    state = {k: v.float().numpy() for k, v in saved["model"].items()}
    path = save_model(build_llama(state, c), folder)
    write_json(folder / "config.json", llama_config(c, END, PAD))
    write_json(folder / "generation_config.json", generation_config(END, PAD, c["max_position_embeddings"]))

    model = Model(Config(**c))
    model.load_state_dict({k: v.half().float() if v.ndim == 2 else v for k, v in saved["model"].items()})
    session = onnxruntime.InferenceSession(str(path))
    shape = {"layers": c["num_hidden_layers"], "kv_heads": c["num_key_value_heads"], "head_dim": c["head_dim"]}
    with torch.no_grad():
        worst = verify(session, shape, lambda ids: model(torch.from_numpy(ids)).numpy(), c["vocab_size"], 1e-2)
    print(f"{path}: {path.stat().st_size} bytes, largest difference from the reference {worst:.2e}; trained {saved['seconds']:.0f} s, {saved['tokens']} tokens, step {saved['step']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
