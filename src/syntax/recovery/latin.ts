/** Letters with marks as those without. */
export function latin(text: string): string {
  return text.replaceAll('ß', 'ss').normalize('NFKD').replaceAll(/\p{M}/gu, '');
}
