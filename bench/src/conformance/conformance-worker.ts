import type { PushdownAutomaton } from "../../../packages/grammar/src/index.ts";
import { JsonSchema, type Dialect } from "../../../packages/schema/src/index.ts";
import { accepts } from "../support/accepts.ts";
import { describeError, serveRequests } from "../support/serve-requests.ts";
import { metaSchemas } from "./meta-schemas.ts";
import { suiteRemotes, type SuiteGroup } from "./suite.ts";

export interface ConformanceRequest {
  readonly group: SuiteGroup;
  readonly dialect: Dialect;
  readonly formats: "assert" | "annotate";
}

/** For each test of the group: undefined when it went right, else why not. */
export type ConformanceReply = readonly (string | undefined)[];

await serveRequests<ConformanceRequest, ConformanceReply>(() => {
  const resolve = new Map([...metaSchemas(), ...suiteRemotes(process.argv[2])]);
  return ({ group, dialect, formats }) => {
    let automaton: PushdownAutomaton;
    try {
      ({ automaton } = new JsonSchema(group.schema, { dialect, formats, propertyOrder: "any", resolve }));
    } catch (error) {
      return group.tests.map(() => describeError(error));
    }
    return group.tests.map((test) => {
      try {
        const accepted = accepts(automaton, JSON.stringify(test.data));
        if (accepted === test.valid) return undefined;
        return accepted ? "accepted, though invalid" : "refused, though valid";
      } catch (error) {
        return describeError(error);
      }
    });
  };
});
