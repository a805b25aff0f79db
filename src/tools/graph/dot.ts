import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { colors } from './colors.ts';

const shapes: Readonly<Record<GraphNode['kind'], string>> = {
  role: 'component',
  subject: 'cds',
  entity: 'note',
  derivation: 'box',
  lookup: 'tab',
  table: 'cylinder',
};

const edgeStyles: Readonly<Record<GraphEdge['kind'], string>> = {
  flow: '',
  value: 'arrowhead=open',
  failure: 'color="#b3261e", fontcolor="#b3261e"',
  reference: 'style=dashed, arrowhead=empty, constraint=false',
  'soft-reference': 'style=dotted, arrowhead=empty, constraint=false',
};

/** The graph in the language of Graphviz. */
export function dotText(graph: Graph): string {
  const inStreams = new Set(graph.streams.flatMap(({ members }) => members));
  const nodeOf = new Map(graph.nodes.map((node) => [node.id, node]));
  const lines = [
    `digraph ${quoted(graph.name)} {`,
    '  rankdir=LR',
    '  node [fontname="Helvetica", fontsize=11, style=filled]',
    '  edge [fontname="Helvetica", fontsize=9, color="#5f6368", fontcolor="#5f6368"]',
    ...graph.nodes.filter(({ id }) => !inStreams.has(id)).map((node) => `  ${nodeText(node)}`),
    ...graph.streams.flatMap(({ name, members }) => [
      `  subgraph ${quoted(`cluster_${name}`)} {`,
      `    label=${quoted(`stream ${name}`)}`,
      '    fontname="Helvetica"; fontsize=11; color="#9aa0a6"; style=rounded',
      ...members.flatMap((id) => {
        const node = nodeOf.get(id);
        return node === undefined ? [] : [`    ${nodeText(node)}`];
      }),
      '  }',
    ]),
    ...graph.edges.map((edge) => `  ${edgeText(edge)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText({ id, kind, title, lines }: GraphNode): string {
  const { fill, line } = colors[kind];
  // `\l` ends a line and sets it to the left.
  const label =
    lines.length === 0 ? escaped(title) : [title, ...lines].map((each) => `${escaped(each)}\\l`).join('');
  return `${quoted(id)} [label="${label}", shape=${shapes[kind]}, fillcolor="${fill}", color="${line}"]`;
}

function edgeText({ from, to, label, kind }: GraphEdge): string {
  const attributes = [label === undefined ? '' : `label=${quoted(label)}`, edgeStyles[kind]]
    .filter((part) => part !== '')
    .join(', ');
  return `${quoted(from)} -> ${quoted(to)}${attributes === '' ? '' : ` [${attributes}]`}`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ');
}
