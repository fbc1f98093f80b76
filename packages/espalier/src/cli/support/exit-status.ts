/** The text is accepted, the work is done. */
export const EXIT_DONE = 0;
/** The text is refused, or the output does not fit the budget. */
export const EXIT_REFUSED = 1;
/** Wrong usage, an unreadable file, a constraint that does not compile. */
export const EXIT_USAGE = 2;
