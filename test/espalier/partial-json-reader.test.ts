import { PartialJsonReader } from "espalier";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Cuts a text into pieces, between any two code units. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((start, i) => text.slice(start, places[i] ?? text.length));
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce(
      (node, token) => (node as Record<string, unknown>)[token.replaceAll("~1", "/").replaceAll("~0", "~")],
      value,
    );
}

/** True when `later` is what `earlier` may grow into. */
function growsInto(earlier: unknown, later: unknown): boolean {
  if (earlier === undefined) return true;
  if (typeof earlier === "string") return typeof later === "string" && later.startsWith(earlier);
  if (typeof earlier !== "object" || earlier === null) return Object.is(earlier, later);
  if (typeof later !== "object" || later === null || Array.isArray(earlier) !== Array.isArray(later)) return false;
  return Object.entries(earlier).every(
    ([key, value]) =>
      Object.hasOwn(later, key) && growsInto(value, at(later, `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)),
  );
}

const jsonText = fc
  .tuple(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), fc.constantFrom(undefined, 1, "\t"))
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe("PartialJsonReader", () => {
  it("ends with what JSON.parse gives, however the text is cut; its values only grow; what is complete stays", () => {
    fc.assert(
      fc.property(jsonText, cuts, (text, places) => {
        const whole: unknown = JSON.parse(text);
        const reader = new PartialJsonReader();
        const told: string[] = [];
        let earlier: unknown;
        for (const piece of pieces(text, places)) {
          reader.push(piece);
          told.push(...reader.takeCompleted());
          expect(growsInto(earlier, reader.value)).toBe(true);
          expect(growsInto(reader.value, whole)).toBe(true);
          for (const pointer of reader.complete) expect(at(reader.value, pointer)).toEqual(at(whole, pointer));
          earlier = structuredClone(reader.value);
        }
        reader.end();
        told.push(...reader.takeCompleted());
        expect(reader.value).toEqual(whole);
        expect(told.at(-1)).toBe("");
        expect(new Set(told)).toEqual(new Set(reader.complete));
        expect(told.length).toBe(reader.complete.size);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("refuses what JSON.parse refuses, and nothing else", () => {
    const scraps = fc.array(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "a",
        "\\",
        "\\u00",
        "1",
        "-",
        ".",
        "e",
        "0",
        "true",
        "nul",
        " ",
        "\n",
        "\u0001",
      ),
      { maxLength: 8 },
    );
    const damaged = fc.tuple(jsonText, fc.nat(), scraps).map(([text, place, extra]) => {
      const cut = place % (text.length + 1);
      return text.slice(0, cut) + extra.join("") + text.slice(cut + (place % 3));
    });
    fc.assert(
      fc.property(
        fc.oneof(
          scraps.map((parts) => parts.join("")),
          damaged,
        ),
        (text) => {
          const accepts = (read: () => void): boolean => {
            try {
              read();
              return true;
            } catch {
              return false;
            }
          };
          const ours = accepts(() => {
            const reader = new PartialJsonReader();
            reader.push(text);
            reader.end();
          });
          expect(ours).toBe(accepts(() => JSON.parse(text)));
        },
      ),
      { numRuns: 2_000, seed: 2 },
    );
  });

  it("shows texts while they grow, and numbers when they are complete", () => {
    const reader = new PartialJsonReader();
    const states: unknown[] = [];
    for (const piece of ['{"na', 'me": "A', "da\\u00", 'e9", "age": 3', '6, "tags": ["x', '"', "]}"]) {
      reader.push(piece);
      states.push([structuredClone(reader.value), reader.takeCompleted()]);
    }
    expect(states).toEqual([
      [{}, []],
      [{ name: "A" }, []],
      [{ name: "Ada" }, []],
      [{ name: "Adaé" }, ["/name"]],
      [{ name: "Adaé", age: 36, tags: ["x"] }, ["/age"]],
      [{ name: "Adaé", age: 36, tags: ["x"] }, ["/tags/0"]],
      [{ name: "Adaé", age: 36, tags: ["x"] }, ["/tags", ""]],
    ]);
  });

  it("takes `__proto__` for a key like any other", () => {
    const reader = new PartialJsonReader();
    reader.push('{"__proto__": {"polluted": true}}');
    expect(Object.keys(reader.value as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("tells where a text goes wrong", () => {
    const reader = new PartialJsonReader();
    reader.push('{"a": ');
    expect(() => reader.push("tru}")).toThrow(expect.objectContaining({ code: "invalid-input", place: "offset 6" }));
  });
});
