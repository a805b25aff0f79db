import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { Name } from '../../syntax/name.ts';
import type { NamesTree } from '../../syntax/store-tree.ts';
import { DUPLICATE_NAME } from '../codes/codes.ts';

/** The names of a list, each once; what stands twice is reported. */
export function distinctNames(list: NamesTree, report: Report): readonly Name[] {
  if (list.names.length === 1) return list.names;
  const seen = new Map<string, Name>();
  for (const name of list.names) {
    const first = seen.get(name.text);
    if (first === undefined) seen.set(name.text, name);
    else
      report(
        finding(DUPLICATE_NAME, name.span, `\`${name.text}\` is in this list twice`, {
          related: [{ span: first.span, text: 'the first' }],
          help: 'remove one of the two',
        }),
      );
  }
  return [...seen.values()];
}
