/**
 * How the flat TPC-H tables become messages: one JSON object for each row of a parent table, its child rows
 * nested in it. Numbers are copied digit for digit; nothing passes through a double.
 */
export type FlatTable =
  | 'region'
  | 'nation'
  | 'supplier'
  | 'customer'
  | 'part'
  | 'partsupp'
  | 'orders'
  | 'lineitem';

/** One column of a flat table, in its order there; `parent` columns repeat the parent's key and are left out. */
interface Column {
  readonly name: string;
  readonly kind: 'number' | 'text' | 'parent';
}

export interface ChildTable {
  readonly table: FlatTable;
  /** The field of the message that holds the rows. */
  readonly field: string;
  readonly columns: readonly Column[];
  /** A field that says which row of its parent it is, from 1, where no column does. */
  readonly numberedAs?: string;
}

export interface MessageKind {
  /** The file is `NAME.ndjson`. */
  readonly name: string;
  readonly table: FlatTable;
  readonly columns: readonly Column[];
  readonly child?: ChildTable;
  /** Messages at scale factor 1; region and nation have the same rows at every scale. */
  readonly rowsAtOne: number;
  readonly scales: boolean;
}

const number = (name: string): Column => ({ name, kind: 'number' });
const text = (name: string): Column => ({ name, kind: 'text' });
const parent = (name: string): Column => ({ name, kind: 'parent' });

const suppliersOfPart: ChildTable = {
  table: 'partsupp',
  field: 'suppliers',
  // Below scale factor 0.01 dbgen's formula gives some parts the same supplier twice: only the number tells them apart.
  numberedAs: 'supplier_number',
  columns: [
    parent('part_key'),
    number('supplier_key'),
    number('available_quantity'),
    number('supply_cost'),
    text('comment'),
  ],
};

const linesOfOrder: ChildTable = {
  table: 'lineitem',
  field: 'line_items',
  columns: [
    parent('order_key'),
    number('part_key'),
    number('supplier_key'),
    number('line_number'),
    number('quantity'),
    number('extended_price'),
    number('discount'),
    number('tax'),
    text('return_flag'),
    text('line_status'),
    text('ship_date'),
    text('commit_date'),
    text('receipt_date'),
    text('ship_instructions'),
    text('ship_mode'),
    text('comment'),
  ],
};

/** In an order in which every parent comes before its children. */
export const messageKinds: readonly MessageKind[] = [
  {
    name: 'region',
    table: 'region',
    columns: [number('region_key'), text('name'), text('comment')],
    rowsAtOne: 5,
    scales: false,
  },
  {
    name: 'nation',
    table: 'nation',
    columns: [number('nation_key'), text('name'), number('region_key'), text('comment')],
    rowsAtOne: 25,
    scales: false,
  },
  {
    name: 'supplier',
    table: 'supplier',
    columns: [
      number('supplier_key'),
      text('name'),
      text('address'),
      number('nation_key'),
      text('phone'),
      number('account_balance'),
      text('comment'),
    ],
    rowsAtOne: 10_000,
    scales: true,
  },
  {
    name: 'customer',
    table: 'customer',
    columns: [
      number('customer_key'),
      text('name'),
      text('address'),
      number('nation_key'),
      text('phone'),
      number('account_balance'),
      text('market_segment'),
      text('comment'),
    ],
    rowsAtOne: 150_000,
    scales: true,
  },
  {
    name: 'part',
    table: 'part',
    columns: [
      number('part_key'),
      text('name'),
      text('manufacturer'),
      text('brand'),
      text('type'),
      number('size'),
      text('container'),
      number('retail_price'),
      text('comment'),
    ],
    child: suppliersOfPart,
    rowsAtOne: 200_000,
    scales: true,
  },
  {
    name: 'order',
    table: 'orders',
    columns: [
      number('order_key'),
      number('customer_key'),
      text('order_status'),
      number('total_price'),
      text('order_date'),
      text('order_priority'),
      text('clerk'),
      number('ship_priority'),
      text('comment'),
    ],
    child: linesOfOrder,
    rowsAtOne: 1_500_000,
    scales: true,
  },
];

/** The messages to expect at a scale factor. */
export function expectedMessages(kind: MessageKind, scale: number): number {
  return kind.scales ? Math.round(kind.rowsAtOne * scale) : kind.rowsAtOne;
}

const JSON_NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

function members(columns: readonly Column[], row: readonly string[]): string {
  if (row.length !== columns.length) {
    throw new Error(`a row has ${row.length} columns where ${columns.length} are expected: ${row.join('|')}`);
  }
  const parts: string[] = [];
  columns.forEach((column, at) => {
    const value = row[at] ?? '';
    if (column.kind === 'parent') return;
    if (column.kind === 'number' && !JSON_NUMBER.test(value)) {
      throw new Error(`${column.name} is no number: ${value}`);
    }
    parts.push(`"${column.name}":${column.kind === 'number' ? value : JSON.stringify(value)}`);
  });
  return parts.join(',');
}

/** One message as one line of JSON, without a line end. */
export function messageText(
  kind: MessageKind,
  row: readonly string[],
  children: readonly (readonly string[])[],
): string {
  const own = members(kind.columns, row);
  const child = kind.child;
  if (child === undefined) return `{${own}}`;
  const nested = children.map((each, at) => {
    const numbered = child.numberedAs === undefined ? '' : `"${child.numberedAs}":${at + 1},`;
    return `{${numbered}${members(child.columns, each)}}`;
  });
  return `{${own},"${child.field}":[${nested.join(',')}]}`;
}
