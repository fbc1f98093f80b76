/**
 * The TypeScript type of the values that a JSON Schema describes, from the schema's own type (a literal, `as const`, or a
 * TypeBox type). Never narrower than the schema: what TypeScript cannot say (lengths, patterns, `not`, `if`) is left
 * open, and a schema without `type` may be any value. Local references (`#`, `#/$defs/node`) are followed, also in circles.
 *
 * @example
 * type Person = FromSchema<{ type: "object"; properties: { name: { type: "string" } }; required: ["name"] }>;
 * // { name: string }
 */
export type FromSchema<Schema> = Infer<Schema, Schema>;

// The first condition is about `S` itself, so that unions of schemas become unions of types.
type Infer<S, Root> = S extends false
  ? never
  : // TypeBox declares the decoded type as what `encode` returns.
    S extends { readonly "~codec": { readonly encode: (input: never) => infer Decoded } }
    ? Decoded
    : S extends { readonly "~unsafe": infer Unsafe }
      ? Unsafe
      : S extends { readonly "~kind": "Cyclic"; readonly $defs: infer Defs; readonly $ref: infer Name }
        ? Name extends keyof Defs
          ? Infer<Defs[Name], S>
          : unknown
        : ByReference<S, Root> & ByValue<S> & ByType<S, Root> & ByCombination<S, Root>;

type ByReference<S, Root> = S extends { readonly $ref: infer Reference } ? Resolve<Reference, Root> : unknown;

type Resolve<Reference, Root> = Reference extends "#"
  ? Infer<Root, Root>
  : Reference extends `#/${infer Path}`
    ? Walk<Root, Path, Root>
    : Root extends { readonly $defs: infer Defs }
      ? Reference extends keyof Defs
        ? Infer<Defs[Reference], Root>
        : unknown
      : unknown;

type Walk<Node, Path extends string, Root> = Path extends `${infer Key}/${infer Rest}`
  ? Key extends keyof Node
    ? Walk<Node[Key], Rest, Root>
    : unknown
  : Path extends keyof Node
    ? Infer<Node[Path], Root>
    : unknown;

type ByValue<S> = S extends { readonly const: infer Value }
  ? Writable<Value>
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Writable<Value>
    : unknown;

type ByType<S, Root> = S extends { readonly type: infer Type }
  ? Type extends readonly (infer Member)[]
    ? OfType<Member, S, Root>
    : OfType<Type, S, Root>
  : unknown;

type OfType<Type, S, Root> = Type extends "string"
  ? string
  : Type extends "number" | "integer"
    ? number
    : Type extends "boolean"
      ? boolean
      : Type extends "null"
        ? null
        : Type extends "array"
          ? ArrayOf<S, Root>
          : Type extends "object"
            ? ObjectOf<S, Root>
            : unknown;

type ArrayOf<S, Root> = S extends { readonly prefixItems: infer Prefix extends readonly unknown[] }
  ? [...TupleOf<Prefix, S, Root>, ...RestOf<S, Root>]
  : S extends { readonly items: infer Prefix extends readonly unknown[] }
    ? S extends { readonly additionalItems: false }
      ? TupleOf<Prefix, S, Root>
      : unknown[]
    : S extends { readonly items: infer Items }
      ? Infer<Items, Root>[]
      : unknown[];

// Items of a prefix may be absent, unless `minItems` says that all are there.
type TupleOf<Prefix extends readonly unknown[], S, Root> = S extends { readonly minItems: Prefix["length"] }
  ? { -readonly [Index in keyof Prefix]: Infer<Prefix[Index], Root> }
  : { -readonly [Index in keyof Prefix]?: Infer<Prefix[Index], Root> };

type RestOf<S, Root> = S extends { readonly items: infer Items }
  ? Items extends false
    ? []
    : Infer<Items, Root>[]
  : unknown[];

type ObjectOf<S, Root> = S extends { readonly properties: infer Properties }
  ? Flat<
      {
        -readonly [Key in keyof Properties as Key extends RequiredOf<S> ? Key : never]: Infer<Properties[Key], Root>;
      } & {
        -readonly [Key in keyof Properties as Key extends RequiredOf<S> ? never : Key]?: Infer<Properties[Key], Root>;
      } & {
        [Key in Exclude<RequiredOf<S>, keyof Properties>]: unknown;
      }
    >
  : Dictionary<S, Root>;

type RequiredOf<S> = S extends { readonly required: readonly (infer Key extends string)[] } ? Key : never;

type Dictionary<S, Root> = S extends { readonly patternProperties: infer Patterns }
  ? S extends { readonly additionalProperties: false } | { readonly patternProperties: { readonly "^.*$": unknown } }
    ? { [key: string]: Infer<Patterns[keyof Patterns], Root> }
    : { [key: string]: unknown }
  : S extends { readonly additionalProperties: infer Additional }
    ? { [key: string]: Infer<Additional, Root> }
    : { [key: string]: unknown };

type ByCombination<S, Root> = (S extends { readonly anyOf: readonly (infer Member)[] }
  ? Infer<Member, Root>
  : unknown) &
  (S extends { readonly oneOf: readonly (infer Member)[] } ? Infer<Member, Root> : unknown) &
  (S extends { readonly allOf: infer Members } ? AllOf<Members, Root> : unknown);

type AllOf<Members, Root> = Members extends readonly [infer First, ...infer Rest]
  ? Infer<First, Root> & AllOf<Rest, Root>
  : unknown;

type Flat<Type> = { [Key in keyof Type]: Type[Key] };

type Writable<Type> = Type extends object ? { -readonly [Key in keyof Type]: Writable<Type[Key]> } : Type;
