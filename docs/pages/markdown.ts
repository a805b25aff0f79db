/** A text as code in Markdown, whatever backticks and bars it has. */
export function code(text: string): string {
  if (text === '') return '(empty)';
  const readable = visible(text);
  const fence = readable.includes('`') ? '``' : '`';
  const space = readable.startsWith('`') || readable.endsWith('`') ? ' ' : '';
  return `${fence}${space}${readable}${space}${fence}`;
}

/** Long runs are cut, and what no one can see is written as its escape. */
function visible(text: string): string {
  const escaped = text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
  return escaped.length <= 80 ? escaped : `${escaped.slice(0, 60)}…${escaped.slice(-10)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
