export { arbitrary, type ArbitraryOptions } from "./arbitrary.ts";
export type { JsonValue } from "./json-value.ts";
