// A zod schema: the model writes its input, zod has the last word.
import { generate, json, loadModel, OutputRejectedError } from "espalier";
import { z } from "zod";

const order = z.object({
  product: z.string().min(1),
  quantity: z.int().min(1).max(99),
  size: z.enum(["S", "M", "L"]),
  currency: z.string().default("EUR"),
  ordered: z.iso.date().transform((text) => new Date(text)),
});

const model = await loadModel();
try {
  const { value } = await generate({
    model,
    prompt: "Order from 3 May 2024: 12 leather jackets, size M.",
    output: json(order),
  });
  console.log(`${value.quantity} × ${value.product} (${value.size}), ${value.currency}`);
  console.log("ordered:", value.ordered.getFullYear());
} catch (error) {
  if (!(error instanceof OutputRejectedError)) throw error;
  console.log("zod refused:", error.issues);
}
await model.dispose();
