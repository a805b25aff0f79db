import { finding, type Diagnostic, type Report } from '../../diagnostics/diagnostic.ts';
import { spanText, type Span } from '../../text/source.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import type { SourceModel } from '../program.ts';

interface ListSource {
  readonly list: string;
  readonly alias: string;
  /** Whether its elements have fields. */
  readonly rows: boolean;
  readonly span: Span;
}

/**
 * Reports what is found in a derivation. Where a single value is wanted and a whole list is read that is a source too, the row of
 * that source was meant: this is told in place of the types.
 */
export function reportOfRows(sources: readonly SourceModel[], report: Report): Report {
  const lists = sources.flatMap(({ mode, from, alias, row, tree }): readonly ListSource[] =>
    mode === 'each' && from.kind === 'list'
      ? [{ list: spanText(from.list.span), alias, rows: row.type.kind === 'record', span: tree.span }]
      : [],
  );
  if (lists.length === 0) return report;
  const reportRow = (found: Diagnostic): void =>
    report(found.code === TYPE_MISMATCH.code ? (meantRow(found, lists) ?? found) : found);
  return Object.assign(reportRow, report.isFull === undefined ? {} : { isFull: report.isFull });
}

function meantRow(
  { message, primary, related }: Diagnostic,
  lists: readonly ListSource[],
): Diagnostic | undefined {
  // Of a list that must be another one, no row is meant.
  if (/ must be a list/.test(message)) return undefined;
  const [meant, ...others] = [primary, ...related].flatMap(({ span }) => {
    const written = spanText(span);
    const source = lists.find(({ list, rows }) =>
      rows ? written.startsWith(`${list}.`) || written.startsWith(`${list}?.`) : written === list,
    );
    return source === undefined ? [] : [{ span, written, source }];
  });
  if (meant === undefined || others.length > 0) return undefined;
  const { span, written, source } = meant;
  const step = written.slice(source.list.length).replace('?', '');
  if (!/^(?:\??\.\w+)*$/.test(step)) return undefined;
  return finding(
    TYPE_MISMATCH,
    span,
    `\`${written}\` is read from the whole list \`${source.list}\`, not from one row of it`,
    {
      label: 'this is a list',
      related: [{ span: source.span, text: `each row of it is \`${source.alias}\`` }],
      help: `write \`${source.alias}${step}\``,
    },
  );
}
