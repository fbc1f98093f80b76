"""The procedure of bench:masks with native llguidance.

Reads a work file that bench/src/native.ts wrote: a first line with the vocabulary, then one line a schema with its texts cut into
tokens. Writes one line a schema: the same reply that the JavaScript engines give (compileMs, tokenUs, failures, residentMegabytes).
"""

import base64
import ctypes
import json
import resource
import sys
from time import perf_counter_ns

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper


class Vocabulary:
    """What TokenizerWrapper asks of a tokenizer."""

    def __init__(self, head):
        self.tokens = [base64.b64decode(token) for token in head["tokens"]]
        self.special_token_ids = head["specialTokens"]
        self.eos_token_id = head["eosToken"]
        self.bos_token_id = None
        self._ids = {token: index for index, token in enumerate(self.tokens)}

    def __call__(self, text):
        """Longest tokens first: llguidance cuts forced text with it. That is nearly, and not always, the cut of the real tokenizer."""
        data = text if isinstance(text, bytes) else text.encode()
        cut = []
        at = 0
        while at < len(data):
            end = next(end for end in range(min(len(data), at + 128), at, -1) if data[at:end] in self._ids)
            cut.append(self._ids[data[at:end]])
            at = end
        return cut


def run_case(case, tokenizer, mask):
    address = ctypes.addressof(mask)
    size = ctypes.sizeof(mask)
    token_us = []
    failures = {}
    start = perf_counter_ns()
    try:
        grammar = LLMatcher.grammar_from_json_schema(json.dumps(case["schema"]), overrides={"coerce_one_of": True})
        first = LLMatcher(tokenizer, grammar)
        if first.is_error():
            raise ValueError(first.get_error())
        first.unsafe_compute_mask_ptr(address, size)
    except Exception as error:
        failures["compileError"] = str(error)[:500]
        return None, token_us, failures
    compile_ms = (perf_counter_ns() - start) / 1e6
    for text in case["texts"]:
        matcher = first.deep_copy()
        accepted = True
        at = 0
        for at, token in enumerate(text["tokens"]):
            start = perf_counter_ns()
            matcher.unsafe_compute_mask_ptr(address, size)
            allowed = (mask[token >> 5] >> (token & 31)) & 1 == 1
            consumed = allowed and matcher.consume_token(token)
            token_us.append((perf_counter_ns() - start) / 1e3)
            if matcher.is_error():
                failures.setdefault("crash", matcher.get_error()[:500])
            if not consumed:
                accepted = False
                break
        accepted = accepted and matcher.is_accepting()
        if text["valid"] and not accepted:
            failures.setdefault("validationError", f"a valid text is refused at token {at} of {len(text['tokens'])}")
        if not text["valid"] and accepted:
            failures.setdefault("invalidationError", "an invalid text is accepted")
    return compile_ms, token_us, failures


def main():
    with open(sys.argv[1], encoding="utf-8") as work:
        head = json.loads(work.readline())
        vocabulary = Vocabulary(head)
        tokenizer = LLTokenizer(TokenizerWrapper(vocabulary), slices=LLTokenizer.json_slices())
        mask = (ctypes.c_uint32 * ((len(vocabulary.tokens) + 31) // 32))()
        for line in work:
            case = json.loads(line)
            compile_ms, token_us, failures = run_case(case, tokenizer, mask)
            reply = {
                "id": case["id"],
                "compileMs": compile_ms,
                "tokenUs": token_us,
                "failures": [{"kind": kind, "why": why} for kind, why in failures.items()],
                "residentMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
            print(json.dumps(reply), flush=True)


main()
