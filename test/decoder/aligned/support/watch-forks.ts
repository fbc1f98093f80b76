import type { LanguageModel, ModelSession } from "@espalier/decoder";

/** Counts the sessions of a model, forks included, and those that are not disposed of. */
export function watchForks(model: LanguageModel): { readonly open: number; readonly made: number } {
  const open = new Set<ModelSession>();
  let made = 0;
  const watch = (session: ModelSession): ModelSession => {
    const dispose = session.dispose.bind(session);
    const fork = session.fork.bind(session);
    open.add(session);
    made++;
    session.dispose = () => {
      open.delete(session);
      dispose();
    };
    session.fork = () => watch(fork());
    return session;
  };
  const createSession = model.createSession.bind(model);
  model.createSession = () => watch(createSession());
  return {
    get open() {
      return open.size;
    },
    get made() {
      return made;
    },
  };
}
