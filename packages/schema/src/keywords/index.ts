import type { Keyword } from "../compiler/keyword.ts";
import { annotations } from "./annotations.ts";
import { exclusiveMaximum, exclusiveMinimum, maximum, minimum } from "./bounds.ts";
import { allOf, anyOf, not } from "./combinators.ts";
import { conditional, otherwise, then } from "./conditional.ts";
import { constant } from "./const.ts";
import { contentMediaType } from "./content-media-type.ts";
import { contains, maxContains, minContains } from "./contains.ts";
import { dependencies, dependentRequired, dependentSchemas } from "./dependencies.ts";
import { enumeration } from "./enum.ts";
import { format } from "./format.ts";
import { maxItems, minItems } from "./item-count.ts";
import { additionalItems, items, prefixItems } from "./items.ts";
import { maxLength, minLength } from "./length.ts";
import { maxProperties, minProperties } from "./member-count.ts";
import { additionalProperties, patternProperties, properties } from "./members.ts";
import { multipleOf } from "./multiple-of.ts";
import { oneOf } from "./one-of.ts";
import { pattern } from "./pattern.ts";
import { propertyNames } from "./property-names.ts";
import { dynamicReference, recursiveReference, reference } from "./reference.ts";
import { required } from "./required.ts";
import { type } from "./type.ts";
import { unevaluatedItems, unevaluatedProperties } from "./unevaluated.ts";
import { uniqueItems } from "./unique-items.ts";

/**
 * Every keyword of every draft, in the order in which they narrow the set: cheap and sharp ones first, so that later ones
 * have less to do; `unevaluated*` last, since they look at what the others did.
 */
export const KEYWORDS: readonly Keyword[] = [
  // Any type.
  type,
  constant,
  enumeration,
  // Numbers.
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
  // Strings.
  minLength,
  maxLength,
  format,
  pattern,
  contentMediaType,
  // Objects.
  properties,
  patternProperties,
  additionalProperties,
  required,
  minProperties,
  maxProperties,
  propertyNames,
  dependentRequired,
  // Arrays.
  prefixItems,
  items,
  additionalItems,
  minItems,
  maxItems,
  uniqueItems,
  contains,
  minContains,
  maxContains,
  // The same instance again.
  reference,
  dynamicReference,
  recursiveReference,
  allOf,
  anyOf,
  oneOf,
  not,
  conditional,
  then,
  otherwise,
  dependentSchemas,
  dependencies,
  unevaluatedProperties,
  unevaluatedItems,
  // No effect on instances.
  ...annotations,
];
