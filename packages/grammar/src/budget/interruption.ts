/** Thrown through work that is to be gone on with later, by whoever does it in slices; never seen by users. */
export class Interruption extends Error {}
