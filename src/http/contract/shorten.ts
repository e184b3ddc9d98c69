/** Repeats a client's input in a problem. */

const MAX_CHARACTERS = 80;

/** At most 80 characters of well-formed Unicode, and an ellipsis if there are more. */
export const shorten = (text: string): string =>
  text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS).toWellFormed()}…`;
