/** What the decoder is measured on where there is no data: schemas that a tool or an extraction would have, each with a text. */
export interface Scenario {
  readonly name: string;
  readonly schema: object;
  readonly text: string;
}

const closed = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "person",
    schema: closed({
      name: { type: "string", minLength: 1 },
      age: { type: "integer", minimum: 0, maximum: 150 },
      city: { type: "string" },
      email: { type: "string", format: "email" },
    }),
    text: '{"name": "Ada Lovelace", "age": 36, "city": "London", "email": "ada@analytical.org"}',
  },
  {
    name: "tool call",
    schema: closed({
      tool: { enum: ["search_flights", "book_hotel", "send_message"] },
      arguments: closed({
        origin: { type: "string", pattern: "^[A-Z]{3}$" },
        destination: { type: "string", pattern: "^[A-Z]{3}$" },
        date: { type: "string", format: "date" },
        passengers: { type: "integer", minimum: 1, maximum: 9 },
        cabin: { enum: ["economy", "business", "first"] },
      }),
    }),
    text: '{"tool": "search_flights", "arguments": {"origin": "LHR", "destination": "SFO", "date": "2026-11-20", "passengers": 2, "cabin": "economy"}}',
  },
  {
    name: "list of records",
    schema: closed({
      orders: {
        type: "array",
        items: closed({ id: { type: "integer" }, total: { type: "number" }, paid: { type: "boolean" } }),
      },
    }),
    text: JSON.stringify({
      orders: Array.from({ length: 12 }, (_, i) => ({ id: 1000 + i, total: i * 3.5 + 0.25, paid: i % 3 === 0 })),
    }),
  },
  {
    name: "free text",
    schema: closed({ title: { type: "string" }, summary: { type: "string" } }),
    text: JSON.stringify({
      title: "On the espalier",
      summary:
        "An espalier is a tree that is trained to grow flat along a trellis. It takes patience, a sharp knife and a sunny wall; " +
        "after some years the fruit hangs in reach, and the tree is none the worse for it. Gardeners have done this since Roman times.",
    }),
  },
  {
    name: "any JSON",
    schema: {},
    text: '{"name": "espalier", "tags": ["tree", "trellis"], "nested": {"deep": [1, 2.5, null, true, {"x": "y"}]}}',
  },
];
