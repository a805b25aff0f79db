/**
 * A subject that both templates match, or nothing where they share none. `{entity}`, `{partition}` and `*` stand for
 * one token, `>` for one or more at the end; `example` stands for a token that both leave open.
 */
export function commonSubject(left: string, right: string, example: string): string | undefined {
  const a = left.split('.');
  const b = right.split('.');
  const tokens: string[] = [];
  for (let at = 0; ; at += 1) {
    const x = a[at];
    const y = b[at];
    if (x === undefined || y === undefined) return x === y ? tokens.join('.') : undefined;
    if (x === '>' || y === '>') {
      const rest = (x === '>' ? b : a).slice(at);
      return [
        ...tokens,
        ...rest.map((token) => (isOpen(token) ? exampleToken([token], example) : token)),
      ].join('.');
    }
    if (isOpen(x) && isOpen(y)) tokens.push(exampleToken([x, y], example));
    else if (isOpen(x)) tokens.push(y);
    else if (isOpen(y) || x === y) tokens.push(x);
    else return undefined;
  }
}

function exampleToken(tokens: readonly string[], example: string): string {
  return tokens.includes('{partition}') ? '0' : example;
}

/** Whether a token of a template stands for others. */
export function isOpen(token: string): boolean {
  return token === '*' || token === '{entity}' || token === '{partition}' || token === '>';
}
