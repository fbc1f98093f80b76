import type { JsonValue } from "./random-instance.ts";

const SPACES = ["", "", "", "", " ", "  ", "\n", "\r\n\t  ", "\n    "];

/**
 * A JSON text of a value, spelled in one of many ways: whitespace, the order of members, the spelling of numbers, escapes. Each way is
 * chosen by the next of `turns`; without turns, the text is that of `JSON.stringify`. Whitespace is such as the default allows.
 */
export function jsonText(value: JsonValue, turns: readonly number[] = []): string {
  let taken = 0;
  const turn = (choices: number): number => (taken < turns.length ? turns[taken++] % choices : 0);
  const space = (): string => SPACES[turn(SPACES.length)];
  const write = (item: JsonValue): string => {
    if (typeof item === "number") return numberText(item, turn(6));
    if (typeof item === "string") return stringText(item, turn);
    if (typeof item !== "object" || item === null) return String(item);
    const isArray = Array.isArray(item);
    const parts = isArray
      ? item.map((child) => `${space()}${write(child)}${space()}`)
      : shuffled(Object.entries(item), turn).map(
          ([key, child]) => `${space()}${stringText(key, turn)}${space()}:${space()}${write(child)}${space()}`,
        );
    const body = parts.length === 0 ? space() : parts.join(",");
    return isArray ? `[${body}]` : `{${body}}`;
  };
  return write(value);
}

/**
 * Spellings that Espalier takes wherever the number is allowed: plain notation, or one digit other than 0 before the point and an
 * exponent; for integers, fraction digits are 0 and the exponent is not negative.
 */
function numberText(value: number, way: number): string {
  if (Object.is(value, -0)) return "-0";
  const printed = JSON.stringify(value);
  const [mantissa, exponent] = value.toExponential().split("e");
  if (!Number.isInteger(value))
    return printed.includes("e") || way !== 1 ? printed : /^-?\d\./.test(printed) ? `${printed}0` : printed;
  const plain = BigInt(value).toString();
  const scientific = mantissa.includes(".") || value === 0 ? plain : `${mantissa}e${exponent}`;
  return [plain, `${plain}.0`, scientific, scientific.replace("e+", "E"), value === 0 ? "-0" : plain, `${plain}.000`][
    way
  ];
}

function stringText(text: string, turn: (choices: number) => number): string {
  let result = '"';
  for (const character of text) {
    const escaped = turn(8) === 1;
    if (!escaped) result += JSON.stringify(character).slice(1, -1);
    else for (const unit of character.split("")) result += `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }
  return `${result}"`;
}

function shuffled<T>(list: readonly T[], turn: (choices: number) => number): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(turn(rest.length), 1));
  return result;
}
