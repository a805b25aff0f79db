import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { closest } from '../../diagnostics/suggest.ts';
import type { FieldTree, LookupTree } from '../../syntax/tree.ts';
import { positionAt, type SourceFile, type Span } from '../../text/source.ts';
import type { Value } from '../../types/value.ts';
import { BAD_LOOKUP, DUPLICATE_NAME, MISPLACED_DECLARATION, UNKNOWN_FIELD } from '../codes/codes.ts';
import { readCsv, type CsvCell } from './csv.ts';
import { decodeAs } from './literals.ts';
import type { LookupModel } from '../program.ts';
import { namesFolder, notReadHelp, notReadMessage, pathFrom, type ReadFile } from '../collect/read-file.ts';
import { resolveType, type TypeNames } from './resolve-type.ts';
import { suggestion } from '../suggestion.ts';
import { describe, UNKNOWN, type Typed } from '../type.ts';

interface Field {
  readonly name: string;
  readonly type: Typed;
  readonly span: Span;
}

/** Resolves the fields of a lookup and reads its rows; where its file is wrong is named, and never what stands there. */
export function resolveLookup(
  tree: LookupTree,
  names: TypeNames,
  readFile: ReadFile | undefined,
  outer: Report,
): LookupModel {
  let failed = tree.broken;
  const report: Report = (found) => {
    failed = true;
    if (!tree.broken) outer(found);
  };
  const fields = lookupFields(tree.fields, names, report);
  const key = keyOf(tree, fields, report);
  const empty = { name: tree.name.text, tree, fields, key: Math.max(key, 0), rows: new Map() };
  if (failed) return empty;
  const name = pathFrom(tree.span.file.name, tree.path.value);
  if (name === undefined) {
    report(
      finding(BAD_LOOKUP, tree.path.span, 'the path of the file of a lookup must be relative to this file'),
    );
    return empty;
  }
  if (namesFolder(tree.path.value)) {
    report(
      finding(
        BAD_LOOKUP,
        tree.path.span,
        `\`"${tree.path.value}"\` is a folder, and a lookup reads one file`,
        {
          label: 'a folder',
          help: 'name the file, as in `lookup Countries "countries.csv" { … }`',
        },
      ),
    );
    return empty;
  }
  const read = readFile?.(name, 'lookup');
  if (typeof read !== 'string') {
    report(
      finding(BAD_LOOKUP, tree.path.span, notReadMessage(name, read), {
        label: 'not read',
        help: notReadHelp(tree.path.value, read),
      }),
    );
    return empty;
  }
  const file = { name, text: read, data: true } as const;
  return { ...empty, rows: readRows(fields, key, file, tree, report) };
}

function lookupFields(trees: readonly FieldTree[], names: TypeNames, report: Report): readonly Field[] {
  const fields: Field[] = [];
  for (const tree of trees) {
    const { text, span } = tree.name;
    if (fields.some((field) => field.name === text))
      report(finding(DUPLICATE_NAME, span, `\`${text}\` is declared twice`));
    const type = tree.type === undefined ? undefined : resolveType(tree.type, names, report);
    const kind = type?.type.kind;
    if (type === undefined || tree.value !== undefined || tree.attributes.length > 0)
      report(finding(MISPLACED_DECLARATION, tree.span, 'a field of a lookup has only a name and a type'));
    else if (kind === 'record' || kind === 'list')
      report(
        finding(
          MISPLACED_DECLARATION,
          tree.span,
          `a cell of the file is a single value, not ${describe(type)}`,
        ),
      );
    if (type !== undefined) fields.push({ name: text, type: kind === 'record' ? UNKNOWN : type, span });
  }
  return fields;
}

/** The place of the key among the fields. */
function keyOf(tree: LookupTree, fields: readonly Field[], report: Report): number {
  const [key, second] = tree.keys;
  const [name, other] = key?.columns.names ?? [];
  if (key === undefined || name === undefined || second !== undefined || other !== undefined) {
    report(
      finding(
        MISPLACED_DECLARATION,
        (second ?? key)?.span ?? tree.name.span,
        'a lookup needs one key with one column',
        { help: 'for example `key (code)`, read with `Name[code]`' },
      ),
    );
    return -1;
  }
  const at = fields.findIndex((field) => field.name === name.text);
  const field = fields[at];
  if (field === undefined)
    report(
      finding(UNKNOWN_FIELD, name.span, `${tree.name.text} has no column \`${name.text}\``, {
        label: 'not declared',
        help: suggestion(
          name.text,
          fields.map((each) => each.name),
        ),
      }),
    );
  else if (field.type.nullable)
    report(
      finding(MISPLACED_DECLARATION, name.span, `the key \`${name.text}\` must not be nullable`, {
        label: 'nullable',
      }),
    );
  return at;
}

function readRows(
  fields: readonly Field[],
  key: number,
  file: SourceFile,
  tree: LookupTree,
  report: Report,
): ReadonlyMap<Value, readonly Value[]> {
  const rows = new Map<Value, readonly Value[]>();
  const csv = readCsv(file.text);
  const here = { span: tree.path.span, text: 'read for this lookup' };
  const complain = (start: number, end: number, message: string): ReadonlyMap<Value, readonly Value[]> => {
    report(finding(BAD_LOOKUP, { file, start, end }, message, { related: [here] }));
    return rows;
  };
  if (csv.kind === 'broken' && file.text[csv.at] === '\r')
    return complain(
      csv.at,
      csv.at,
      'this line ends with CR alone; the lines of a CSV file end with LF or CRLF',
    );
  if (csv.kind === 'broken')
    return complain(csv.at, csv.at, 'this cell has no end, or something after its quotes');
  const [header, ...records] = csv.records;
  if (header === undefined) return complain(0, 0, 'the file has no header');
  const places = fields.map((field) => header.findIndex((cell) => cell.text.trim() === field.name));
  const lacking = fields.find((_, at) => places[at] === -1);
  if (lacking !== undefined) {
    const names = header.map((cell) => cell.text.trim());
    const [first, last] = [header[0], header.at(-1)];
    const near = closest(lacking.name, names);
    const known = names.map((each) => `\`${each}\``).join(', ');
    report(
      finding(BAD_LOOKUP, lacking.span, `the header of ${file.name} has no column \`${lacking.name}\``, {
        label: 'not in the header',
        related: [{ span: { file, start: first?.start ?? 0, end: last?.end ?? 0 }, text: 'the header' }],
        help:
          near === undefined
            ? `the header has ${known}: leave \`${lacking.name}\` out, or add the column to the file`
            : `did you mean \`${near}\`?`,
      }),
    );
    return rows;
  }
  const twice = header.find((cell, at) =>
    header.some(
      (other, before) => before < at && other.text.trim() === cell.text.trim() && isRead(fields, cell),
    ),
  );
  if (twice !== undefined)
    return complain(twice.start, twice.end, `the header has the column \`${twice.text.trim()}\` twice`);
  if (records.length > MOST_ROWS)
    return complain(
      header[0]?.start ?? 0,
      header.at(-1)?.end ?? 0,
      `the file has ${records.length} rows, more than the ${MOST_ROWS} that a lookup can have`,
    );
  const placed = new Map<Value, CsvCell>();
  for (const record of records) {
    const row: Value[] = [];
    for (const [at, field] of fields.entries()) {
      const cell = record[places[at] ?? 0];
      const end = record.at(-1)?.end ?? 0;
      if (cell === undefined)
        return complain(record[0]?.start ?? 0, end, `this line has no \`${field.name}\``);
      const value = valueOf(cell, field.type);
      if (value === undefined)
        return complain(
          cell.start,
          cell.end,
          `this cell is not a valid ${describe(field.type)} for \`${field.name}\``,
        );
      row.push(value);
    }
    const cell = record[places[key] ?? 0];
    const value = row[key] ?? null;
    const same = placed.get(value);
    if (cell !== undefined && same !== undefined)
      return complain(
        cell.start,
        cell.end,
        `this key is in the file twice, first in line ${positionAt(file, same.start).line}`,
      );
    if (cell !== undefined) placed.set(value, cell);
    rows.set(value, row);
  }
  return rows;
}

/** Every process of a pipeline holds the rows in memory; more belong into a table. */
const MOST_ROWS = 1_000_000;

function isRead(fields: readonly Field[], cell: CsvCell): boolean {
  return fields.some(({ name }) => name === cell.text.trim());
}

/** An empty cell is null where the field may be null. */
function valueOf(cell: CsvCell, { type, nullable }: Typed): Value | undefined {
  if (cell.text === '' && !cell.quoted && nullable) return null;
  return decodeAs(type, cell.text);
}
