// The object while it is being written: which of its values are complete, and which still grow.
import { json, loadModel, stream } from "espalier";

const model = await loadModel();
const events = stream({
  model,
  prompt: "Lunch with Bruno Costa in Porto on 3 May 2024.",
  output: json({
    type: "object",
    properties: {
      title: { type: "string" },
      guest: { type: "string" },
      city: { type: "string" },
      date: { type: "string", format: "date" },
    },
    required: ["title", "guest", "city", "date"],
    additionalProperties: false,
  }),
});

for await (const event of events) {
  if (event.type === "partial" && event.completed.length > 0) {
    console.log(`${event.completed.join(" ")} complete: ${JSON.stringify(event.value)}`);
  }
  if (event.type === "finish") console.log("done:", event.result.value.date);
}
await model.dispose();
