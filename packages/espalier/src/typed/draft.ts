/**
 * A value that is still being written: properties and items may be missing, and texts may be cut short. Numbers, booleans
 * and nulls are there whole or not at all.
 */
export type Draft<Type> = Type extends string
  ? string
  : Type extends readonly (infer Item)[]
    ? Draft<Item>[]
    : Type extends object
      ? { [Key in keyof Type]?: Draft<Type[Key]> }
      : Type;
