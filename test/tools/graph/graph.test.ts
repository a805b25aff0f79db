import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { svgOf } from '../../../src/cli/graph-svg.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { dotText } from '../../../src/tools/graph/dot.ts';
import { type Graph, graphOf } from '../../../src/tools/graph/graph.ts';
import { mermaidText } from '../../../src/tools/graph/mermaid.ts';
import { expectGolden } from '../../support/golden.ts';

function graph(text: string, name = 'shop.nom'): Graph {
  const { program, findings, accepted } = analyze({ name, text });
  if (!accepted) throw new Error(renderText(findings));
  return graphOf(program);
}

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.nom`, import.meta.url), 'utf8');

const tpch = graph(example('tpch'));

const hl7 = graph(example('hl7'), 'hl7.nom');

const awkward = graph(`
entity Order {
  id: int
  note: text?
  lines: Line[]
  store sales.orders { key (id)  upsert on (id) }
}
shape Line { sku: text }
derive Marked from Order as o, each o.lines as line where line.sku == "a\\"b<c>" or line.sku ==
    "]|&" {
  sku = line.sku
  id  = o.id
  store marked { unique (id, sku)  upsert on (id, sku) keep  ref (id) -> Order (id) }
}
`);

function edge(from: string, to: string, of: Graph = tpch): unknown {
  return of.edges.find((each) => each.from === from && each.to === to);
}

test('an entity shows by whom it is signed', () => {
  const signed = graph(
    'secret SHOP  entity Order { id: int  signed by github(SHOP)  store orders { key (id)  upsert on (id) } }',
  );
  expect(signed.nodes.find(({ id }) => id === 'record_Order')?.lines).toEqual(['signed by github(SHOP)']);
});

test('messages flow from the ingest role over a subject to the worker, to derivations and tables', () => {
  expect(edge('role_ingest', 'subject_TPCH_ingest')).toMatchObject({ kind: 'flow' });
  expect(edge('subject_TPCH_ingest', 'role_worker')).toMatchObject({ kind: 'flow' });
  expect(edge('role_worker', 'record_Order')).toMatchObject({ kind: 'flow' });
  expect(edge('record_Order', 'record_OrderLineItem')).toMatchObject({ label: 'each line_items' });
  expect(edge('record_OrderLineItem', 'table_order_line_items')).toMatchObject({ kind: 'flow' });
  expect(edge('role_worker', 'subject_TPCH_dead')).toMatchObject({ kind: 'failure' });
});

test('tables show their keys and upserts, and refer to each other', () => {
  expect(tpch.nodes.find(({ id }) => id === 'table_order_line_items')).toEqual({
    id: 'table_order_line_items',
    kind: 'table',
    title: 'order_line_items',
    lines: [
      'key (order_key, line_number)',
      'upsert on (order_key, line_number) newest by version',
      'prune by (order_key)',
    ],
  });
  expect(edge('table_order_line_items', 'table_orders')).toMatchObject({ kind: 'reference' });
  expect(edge('table_orders', 'table_customers')).toMatchObject({ kind: 'soft-reference' });
});

test('an entity that is kept in order says so', () => {
  const { nodes } = graph(
    'entity Booking { id: int  account: text  ordered by (account)  store bookings { key (id)  upsert on (id) } }',
  );
  expect(nodes.find(({ kind }) => kind === 'entity')?.lines).toEqual(['ordered by (account)']);
});

test('a pipeline without streams and roles shows those that it has by default', () => {
  const titles = graph(example('tiny'), 'tiny.nom').nodes.map(({ title }) => title);
  expect(titles).toEqual(['role ingest', 'role worker', 'TINY.ingest', 'Ping', 'pings']);
});

test('several levels, optional parents and tables that entities share', () => {
  expect(edge('record_Visit', 'record_PatientDiagnosis', hl7)).toMatchObject({ label: 'optional' });
  expect(edge('record_Message', 'record_Diagnosis', hl7)).toMatchObject({ label: 'each dg1' });
  expect(edge('record_Surgeon', 'table_provider', hl7)).toMatchObject({ kind: 'flow' });
  expect(edge('record_Anesthetist', 'table_provider', hl7)).toMatchObject({ kind: 'flow' });
  expect(hl7.nodes.filter(({ id }) => id === 'table_provider')).toHaveLength(1);
});

test('lookups feed what reads them, also through a function', () => {
  const text = `
lookup Countries "countries.csv" { code: text  name: text  key (code) }
lookup Unused "countries.csv" { code: text  name: text  key (code) }
fn name(code: text) -> text? = Countries[code]?.name
entity Order { id: int  country: text  store orders { key (id)  upsert on (id) } }
derive Label from Order as o {
  id = o.id
  country = name(o.country)
  store labels { key (id)  upsert on (id) }
}`;
  const { program } = analyze({ name: 'shop.nom', text }, () => 'code,name\nDE,Germany\n');
  const drawn = graphOf(program);
  expect(drawn.nodes.find(({ id }) => id === 'lookup_Countries')).toMatchObject({
    lines: ['countries.csv', '1 row'],
  });
  expect(edge('lookup_Countries', 'record_Label', drawn)).toMatchObject({ kind: 'value' });
  expect(drawn.edges.filter(({ from }) => from.startsWith('lookup_'))).toHaveLength(1);
});

test('every edge joins two nodes of the graph', () => {
  for (const { nodes, edges } of [tpch, awkward, hl7]) {
    const ids = new Set(nodes.map(({ id }) => id));
    expect(ids.size).toBe(nodes.length);
    for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  }
});

test('Mermaid and dot are what a person would draw', () => {
  const [mermaid, dot] = [mermaidText(tpch), dotText(tpch)];
  expectGolden('graph/tpch.mmd', mermaid);
  expectGolden('graph/hl7.mmd', mermaidText(hl7));
  expectGolden('graph/tpch.dot', dot);
  expect([mermaid, dot]).not.toContainEqual(expect.stringContaining('undefined'));
});

test('signs that the languages of graphs use stay text', () => {
  const mermaid = mermaidText(awkward);
  expect(mermaid).toContain(
    'where line.sku == #34;a#92;#34;b#60;c#62;#34; or line.sku == #34;#93;#124;#38;#34;',
  );
  expect(mermaid).not.toMatch(/"[^"\n]*[[\]|{}][^"\n]*"/);
  expect(dotText(awkward)).toContain(String.raw`where line.sku == \"a\\\"b<c>\" or line.sku == \"]|&\"`);
});

test('Graphviz draws both as SVG with every name in it', async () => {
  for (const drawn of [tpch, awkward]) {
    const svg = await svgOf(dotText(drawn));
    expect(svg).toMatch(/<svg[^]*<\/svg>\s*$/);
    for (const { title } of drawn.nodes) expect(svg).toContain(`>${title}<`);
  }
  expect(await svgOf(dotText(awkward))).toContain('b&lt;c&gt;');
});
