/** Whether a subject with wildcards matches everything that the pattern matches. */
export function covers(subject: string, pattern: string): boolean {
  const own = subject.split('.');
  const other = pattern.split('.');
  for (const [at, token] of own.entries()) {
    const wanted = other[at];
    if (token === '>') return wanted !== undefined;
    if (wanted === undefined || wanted === '>' || (token !== '*' && token !== wanted)) return false;
  }
  return own.length === other.length;
}
