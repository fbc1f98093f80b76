// One of several texts, and a text of a given form.
import { choice, generate, loadModel, regex } from "espalier";

const model = await loadModel();
const prompt = "The jacket is blue, size M, order AB-1234.";

const colour = await generate({ model, prompt, output: choice(["red", "green", "blue"]) });
console.log("colour:", colour.value satisfies "red" | "green" | "blue");

const order = await generate({ model, prompt, output: regex(/[A-Z]{2}-\d{4}/) });
console.log("order:", order.value);

await model.dispose();
