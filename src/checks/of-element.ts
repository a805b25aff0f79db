import type { StoreModel } from '../model/program.ts';
import { spanText, type Span } from '../text/source.ts';

/** For a column that reads a list which is a source too: how the element of a row is read. */
export function ofElement(
  { record }: StoreModel,
  column: string,
): { readonly span: Span; readonly list: string; readonly text: string } | undefined {
  const value = record.fields.find(({ name }) => name === column)?.tree?.value;
  if (value === undefined) return undefined;
  const written = spanText(value.span);
  for (const { from, alias, mode } of record.sources) {
    const list = from.kind === 'list' && mode === 'each' ? spanText(from.list.span) : undefined;
    if (list !== undefined && written.startsWith(`${list}.`))
      return { span: value.span, list, text: `${alias}${written.slice(list.length)}` };
  }
  return undefined;
}
