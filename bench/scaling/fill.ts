import type { Row } from './pages.ts';

/** Lines of each order. */
const LINES = 4;
/** From one order key to the next: the keys between are free for new orders that fall among the old ones. */
export const KEY_STEP = 8;
/** The statuses are of this many days, as many of each. */
export const DAYS = 30;
/** Keys of others that orders and lines name, from 1. */
export const PARTS = 20_000_000;
export const SUPPLIERS = 1_000_000;
export const CUSTOMERS = 3_000_000;

const DAY = 86_400_000;
const EPOCH_OF_POSTGRES = Date.UTC(2000, 0, 1);
/** `date '1992-01-01'`, and the days on which lines were shipped from then on. */
const FIRST_DAY = -2922;
const SHIPPING_DAYS = 2500;

export interface Size {
  /** Lines of orders. */
  readonly rows: number;
  readonly statuses: number;
  /** When the last status was written, in milliseconds since the epoch. */
  readonly now: number;
}

/** What fills a table of `pipelines/tpch.nom`, as years of orders would. */
export interface Filling {
  readonly table: string;
  /** Of the storage of the table. */
  readonly storage: string;
  readonly rows: number;
  /** Columns and values of one row, which holds the marks. */
  readonly sample: readonly [columns: string, values: string];
  /** The bytes of the fields that differ from row to row, as the sample has them. */
  readonly marks: readonly Buffer[];
  /** Writes these fields of row `n`, of which the first is 0. Fields are numbered as their marks. */
  write(n: number, row: Row): void;
}

// Any numbers that no other field has.
const KEY = 5_116_089_176_692_880n;
const OTHER = 5_116_089_176_692_881n;
const THIRD = 5_116_089_176_692_882n;
const SMALL = 1_195_445_489;
const DAYS_OF_MARK = 1_989_117;
const ID = 'f47010f4-7010-4701-8f47-010f47010f47';

/** In the order in which references want them. Keys of others ascend, so that their indexes are soon made. */
export function fillings({ rows, statuses, now }: Size): readonly Filling[] {
  const orders = Math.ceil(rows / LINES) + 1000;
  const dateOfMark = `date '2000-01-01' + ${DAYS_OF_MARK}`;
  return [
    {
      table: 'orders',
      storage: '',
      rows: orders,
      sample: [
        'order_key, customer_key, status, total_price, order_date, priority, clerk, ship_priority, version, comment',
        `${KEY}, ${OTHER}, 'O', 131251.81, ${dateOfMark}, '5-LOW', 'Clerk#000000951', 0, 1, 'nstructions sleep furiously among'`,
      ],
      marks: [long(KEY), long(OTHER), int(DAYS_OF_MARK)],
      write: (n, row) => {
        row.long(0, (n + 1) * KEY_STEP);
        row.long(1, 1 + Math.floor((n / orders) * CUSTOMERS));
        row.int(2, FIRST_DAY + (n % SHIPPING_DAYS));
      },
    },
    {
      table: 'order_line_items',
      storage: '',
      rows,
      sample: [
        `order_key, line_number, part_key, supplier_key, quantity, extended_price, discount, tax, return_flag, line_status,
          ship_date, commit_date, receipt_date, ship_mode, version, revenue`,
        `${KEY}, ${SMALL}, ${OTHER}, ${THIRD}, 36, 34850.16, 0.09, 0.06, 'N', 'O',
          ${dateOfMark}, '1996-02-28', '1996-04-20', 'TRUCK', 1, 31713.6456`,
      ],
      marks: [long(KEY), int(SMALL), long(OTHER), long(THIRD), int(DAYS_OF_MARK)],
      write: (n, row) => {
        row.long(0, (Math.floor(n / LINES) + 1) * KEY_STEP);
        row.int(1, (n % LINES) + 1);
        row.long(2, 1 + Math.floor((n / rows) * PARTS));
        row.long(3, 1 + (n % SUPPLIERS));
        row.int(4, FIRST_DAY + Math.floor((n / rows) * SHIPPING_DAYS));
      },
    },
    {
      table: 'message_status',
      storage: 'WITH (fillfactor = 70)',
      rows: statuses,
      sample: [
        'message_id, pipeline, entity_type, status, received_at, updated_at',
        `'${ID}', 'tpch', 'Order', 'completed', ${timeOfMark(KEY)}, ${timeOfMark(OTHER)}`,
      ],
      marks: [Buffer.from(ID.replaceAll('-', ''), 'hex'), long(KEY), long(OTHER)],
      write: (n, row) => {
        const time = now - DAY * DAYS + Math.floor((n / statuses) * DAY * DAYS);
        row.bytes(0, n % 2 === 0 ? timedId(n, time) : spreadId(n));
        row.long(1, (time - EPOCH_OF_POSTGRES) * 1000);
        row.long(2, (time + 1000 - EPOCH_OF_POSTGRES) * 1000);
      },
    },
  ];
}

function timeOfMark(microseconds: bigint): string {
  return `timestamptz '2000-01-01Z' + interval '1 microsecond' * ${microseconds}`;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

const id = Buffer.alloc(16);

/** As those that ingest draws. */
function timedId(n: number, time: number): Buffer {
  id.writeUInt32BE(Math.floor(time / 65_536), 0);
  id.writeUInt32BE((time % 65_536) * 65_536 + (0x7000 | (mixed(n) & 0xfff)), 4);
  return withRest(n);
}

/** As those of an `Idempotency-Key`. */
function spreadId(n: number): Buffer {
  id.writeUInt32BE(mixed(n), 0);
  id.writeUInt32BE(((mixed(n ^ 0x3c6ef372) & 0xffff0fff) | 0x8000) >>> 0, 4);
  return withRest(n);
}

function withRest(n: number): Buffer {
  id.writeUInt32BE(((mixed(n ^ 0x5bd1e995) & 0x3fffffff) | 0x80000000) >>> 0, 8);
  id.writeUInt32BE(mixed(n ^ 0x1b873593), 12);
  return id;
}

/** Each number of 32 bits becomes another one (the end of MurmurHash3). */
function mixed(n: number): number {
  let hash = n ^ (n >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
