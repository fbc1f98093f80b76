import { JsonSchema, formats } from "@espalier/schema";
import { expect, test } from "vitest";
import { ajvValidator } from "../../support/ajv-oracle.ts";
import type { Schema } from "../../support/random-schema.ts";
import { readFormatTable } from "./support/read-format-table.ts";

// Of some formats only a part is enforced. A key that is in the format but not in that part must not make a schema hold that
// speaks of keys outside the format.

/** Those that ajv-formats knows. */
const NAMES = [
  ...["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference"],
  ...["uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex"],
];

/** In each of these a format of keys decides, some of them under `not`. */
const shapes: readonly ((names: Schema) => Schema)[] = [
  (names) => ({ propertyNames: names }),
  (names) => ({ not: { propertyNames: names } }),
  (names) => ({ propertyNames: { not: names } }),
  (names) => ({ not: { propertyNames: { not: names } } }),
  (names) => ({ not: { not: { propertyNames: names } } }),
  (names) => ({ if: { propertyNames: names }, then: { minProperties: 2 } }),
  (names) => ({ if: { propertyNames: names }, else: { maxProperties: 1 } }),
  (names) => ({ oneOf: [{ propertyNames: names }, { required: ["a"] }] }),
  (names) => ({ not: { propertyNames: names, additionalProperties: { type: "integer" } } }),
];

test("formats of keys, of which only a part is enforced, accept nothing that ajv refuses, under not or otherwise", () => {
  let accepted = 0;
  let refused = 0;
  for (const format of NAMES) {
    const texts = [
      ...readFormatTable(format).map((entry) => entry.text),
      "xn--a",
      "xn--mgba3gch31f060k.",
      "a",
      "",
      "é",
    ];
    for (const [number, shape] of shapes.entries()) {
      const schema = shape({ format });
      const isValid = ajvValidator(schema);
      const { automaton } = new JsonSchema(schema);
      for (const text of texts) {
        for (const instance of [{ [text]: 1 }, { [text]: "s" }, { [text]: 1, a: 1 }]) {
          const state = automaton.after(automaton.start, new TextEncoder().encode(JSON.stringify(instance)));
          if (!automaton.isAccepting(state)) {
            refused++;
            continue;
          }
          accepted++;
          expect({ format, number, instance, isValid: isValid(instance) }).toEqual({
            format,
            number,
            instance,
            isValid: true,
          });
        }
      }
    }
  }
  expect(formats.get("hostname")?.exactness).toBe("subset");
  expect(accepted).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
});
