import type { StoreTree } from '../syntax/store-tree.ts';
import type { Edit } from './edit.ts';

/** Behind the last item, on its own line where the items have lines of their own. A key stands first. */
export function itemInStore(store: StoreTree, item: string): Edit {
  const { file, start, end } = store.span;
  const first = store.items[0]?.span;
  const last = store.items.at(-1)?.span;
  const lineOf = (at: number): number => file.text.lastIndexOf('\n', at - 1) + 1;
  if (first === undefined || last === undefined) {
    const open = file.text.indexOf('{', start) + 1;
    return { span: { file, start: open, end: end - 1 }, text: ` ${item} ` };
  }
  const ownLines = lineOf(first.start) !== lineOf(start);
  const indent = ' '.repeat(first.start - lineOf(first.start));
  const gap = ownLines ? `\n${indent}` : '  ';
  return item.startsWith('upsert') || item.startsWith('ref')
    ? { span: { file, start: last.end, end: last.end }, text: `${gap}${item}` }
    : { span: { file, start: first.start, end: first.start }, text: `${item}${gap}` };
}
