/** A thread that writes one file of a table. */
import { workerData } from 'node:worker_threads';
import { fillings, type Size } from './fill.ts';
import { pagesOf, readTemplate, writeSegment } from './pages.ts';

export interface SegmentOrder {
  readonly size: Size;
  readonly table: string;
  readonly path: string;
  /** The file of the table with a sample row. */
  readonly sample: string;
  readonly segment: number;
}

const { size, table, path, sample, segment } = workerData as SegmentOrder;
const filling = fillings(size).find((each) => each.table === table);
if (filling === undefined) throw new Error(`nothing fills ${table}`);
const template = readTemplate(sample, filling.marks);
writeSegment(path, template, { segment, pages: pagesOf(template, filling.rows) }, filling.write);
