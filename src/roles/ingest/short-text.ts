/** UTF-16 units of a pointer or message in an answer; a longer one comes from keys that the client has chosen. */
const MOST = 300;

/** The text, or its beginning and an ellipsis: what a stranger sends comes back in small. */
export function shortText(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1).toWellFormed()}…`;
}
