/** What stands for an undecided position of a canvas in flat arrays: not a token. */
export const OPEN = -1;
