import { closeSync, fchownSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/*
 * Copies of a page that Postgres wrote, with other keys: a hundred million rows take a fraction of the processor that INSERT
 * takes. The layout is that of `storage/bufpage.h` and `access/htup_details.h`, on machines that write the low byte first.
 */

const PAGE = 8192;
const PAGE_HEADER = 24;
const PAGES_OF_SEGMENT = 131_072;
/** Pages that are written at once; a whole number of times in a segment. */
const AT_ONCE = 1024;
/** Where a tuple says on which page it is. */
const OWN_PAGE = 12;
/** Two bits for each page: all its rows are visible to everybody, and frozen. */
const PAGES_OF_MAP_BYTE = 4;
const WORD = 2 ** 32;

/** The fields of one row, by number. */
export interface Row {
  int(field: number, value: number): void;
  long(field: number, value: number): void;
  bytes(field: number, value: Buffer): void;
}

export interface Template {
  readonly page: Buffer;
  /** Where each row of the page begins. */
  readonly tuples: readonly number[];
  /** From the beginning of a row to each of its fields. */
  readonly fields: readonly number[];
}

/** The first page of the table with this file, each of whose rows holds the marks. */
export function readTemplate(path: string, marks: readonly Buffer[]): Template {
  const page = firstPage(path);
  const pointers = (page.readUInt16LE(12) - PAGE_HEADER) / 4;
  const tuples = Array.from(
    { length: pointers },
    (_, at) => page.readUInt16LE(PAGE_HEADER + at * 4) & 0x7fff,
  );
  const fieldsOf = (tuple: number): readonly number[] =>
    marks.map((mark) => page.indexOf(mark, tuple) - tuple);
  const fields = fieldsOf(tuples[0] ?? 0);
  if (tuples.some((tuple) => fieldsOf(tuple).join(' ') !== fields.join(' ')) || fields.some((at) => at < 0))
    throw new Error('the rows of the first page do not have the same layout with all marks');
  return { page, tuples, fields };
}

function firstPage(path: string): Buffer {
  const page = Buffer.alloc(PAGE);
  const file = openSync(path, 'r');
  if (readSync(file, page) !== PAGE) throw new Error(`${path} has no page`);
  closeSync(file);
  return page;
}

/** The pages of at least `rows` rows, all of them full. */
export function pagesOf({ tuples }: Template, rows: number): number {
  return Math.ceil(rows / tuples.length);
}

export function segmentsOf(pages: number): number {
  return Math.ceil(pages / PAGES_OF_SEGMENT);
}

/** Writes one file of a table that has so many pages. The server must be stopped. */
export function writeSegment(
  path: string,
  { page, tuples, fields }: Template,
  { segment, pages }: { readonly segment: number; readonly pages: number },
  write: (n: number, row: Row) => void,
): void {
  const some = Buffer.concat(Array.from({ length: AT_ONCE }, () => page));
  let tuple = 0;
  const at = (field: number): number => tuple + (fields[field] ?? 0);
  const row: Row = {
    int: (field, value) => void some.writeInt32LE(value, at(field)),
    long(field, value) {
      some.writeUInt32LE(value % WORD, at(field));
      some.writeUInt32LE(Math.floor(value / WORD), at(field) + 4);
    },
    bytes: (field, value) => void value.copy(some, at(field)),
  };
  const file = create(segment === 0 ? path : `${path}.${segment}`, path);
  const end = Math.min(pages, (segment + 1) * PAGES_OF_SEGMENT);
  for (let first = segment * PAGES_OF_SEGMENT; first < end; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, end - first);
    for (let number = 0; number < count; number += 1) {
      const own = first + number;
      for (const [index, offset] of tuples.entries()) {
        tuple = number * PAGE + offset;
        some.writeUInt16LE(own >>> 16, tuple + OWN_PAGE);
        some.writeUInt16LE(own & 0xffff, tuple + OWN_PAGE + 2);
        write(own * tuples.length + index, row);
      }
    }
    writeSync(file, some, 0, count * PAGE);
  }
  closeSync(file);
}

/** Says of all pages that everybody sees their rows. `sample` is the file of the table with the template. */
export function writeVisibility(path: string, sample: string, pages: number): void {
  const template = firstPage(`${sample}_vm`);
  const file = create(`${path}_vm`, path);
  const atOnce = (PAGE - PAGE_HEADER) * PAGES_OF_MAP_BYTE;
  for (let first = 0; first < pages; first += atOnce) {
    const left = Math.min(pages - first, atOnce);
    const bytes = Math.floor(left / PAGES_OF_MAP_BYTE);
    const map = Buffer.from(template)
      .fill(0, PAGE_HEADER)
      .fill(0xff, PAGE_HEADER, PAGE_HEADER + bytes);
    const rest = left % PAGES_OF_MAP_BYTE;
    if (rest > 0) map[PAGE_HEADER + bytes] = 2 ** (2 * rest) - 1;
    writeSync(file, map);
  }
  closeSync(file);
}

/** The server's user is the owner of its files. */
function create(path: string, ownedLike: string): number {
  const { uid, gid } = statSync(ownedLike);
  const file = openSync(path, 'w');
  fchownSync(file, uid, gid);
  return file;
}
