/** A Postgres regular expression that matches what the subject patterns match: `*` is one token, `>` is the rest. */
export function subjectRegex(patterns: readonly string[]): string {
  return `^(?:${patterns.map(patternRegex).join('|')})$`;
}

function patternRegex(pattern: string): string {
  return pattern
    .split('.')
    .map((token) => {
      if (token === '*') return '[^.]+';
      return token === '>' ? '.+' : token.replace(/[^A-Za-z0-9_]/g, '\\$&');
    })
    .join('\\.');
}
