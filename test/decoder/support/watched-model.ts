import { functionModel, Random, type LanguageModel, type ModelSession } from "@espalier/decoder";

/** Gives logits that look random but depend on the prefix alone. */
export function hashedModel(vocabularySize: number, contextLength = 512): LanguageModel {
  return functionModel({
    vocabularySize,
    contextLength,
    eosTokens: [256],
    logits: (prefix) => {
      const seed = prefix.reduce((hash, token) => (hash * 31 + token + 1) % 1_000_003, 7);
      const random = new Random(seed);
      return Array.from({ length: vocabularySize }, () => random.nextFloat64() * 8);
    },
  });
}

/** Says the tokens one after the other, whatever is fed, then the end of text. */
export function scriptedModel(vocabularySize: number, script: readonly number[], promptLength = 1): LanguageModel {
  return functionModel({
    vocabularySize,
    eosTokens: [256],
    logits: (prefix) => {
      const logits = new Float32Array(vocabularySize);
      logits[script[prefix.length - promptLength] ?? 256] = 20;
      return logits;
    },
  });
}

/** Counts the sessions of a model that are not disposed of. */
export function watchSessions(model: LanguageModel): { readonly open: number } {
  const open = new Set<ModelSession>();
  const create = model.createSession.bind(model);
  model.createSession = () => {
    const session = create();
    const dispose = session.dispose.bind(session);
    open.add(session);
    session.dispose = () => {
      open.delete(session);
      dispose();
    };
    return session;
  };
  return {
    get open() {
      return open.size;
    },
  };
}
