import { colors } from './colors.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';

/** What stands around the label of a node, which gives it its shape. */
const shapes: Readonly<Record<GraphNode['kind'], readonly [string, string]>> = {
  role: ['[[', ']]'],
  subject: ['>', ']'],
  entity: ['([', '])'],
  derivation: ['[', ']'],
  lookup: ['[/', '/]'],
  table: ['[(', ')]'],
};

const arrows: Readonly<Record<GraphEdge['kind'], string>> = {
  flow: '-->',
  value: '-->',
  failure: '--x',
  reference: '-.->',
  'soft-reference': '-.-o',
};

/** The graph as Mermaid, which code hosts draw in Markdown. */
export function mermaidText(graph: Graph): string {
  const inStreams = new Set(graph.streams.flatMap(({ members }) => members));
  const nodeOf = new Map(graph.nodes.map((node) => [node.id, node]));
  const kinds = [...new Set(graph.nodes.map(({ kind }) => kind))];
  const lines = [
    'flowchart LR',
    ...graph.nodes.filter(({ id }) => !inStreams.has(id)).map((node) => `  ${nodeText(node)}`),
    ...graph.streams.flatMap(({ name, members }) => [
      `  subgraph stream_${name} ["stream ${escaped(name)}"]`,
      ...members.flatMap((id) => {
        const node = nodeOf.get(id);
        return node === undefined ? [] : [`    ${nodeText(node)}`];
      }),
      '  end',
    ]),
    ...graph.edges.map(
      ({ from, to, label, kind }) =>
        `  ${from} ${arrows[kind]}${label === undefined ? '' : `|"${escaped(label)}"|`} ${to}`,
    ),
    ...kinds.map((kind) => {
      const { fill, line } = colors[kind];
      return `  classDef ${kind} fill:${fill},stroke:${line},color:#000`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText({ id, kind, title, lines }: GraphNode): string {
  const [open, close] = shapes[kind];
  const label = [`<b>${escaped(title)}</b>`, ...lines.map(escaped)].join('<br/>');
  return `${id}${open}"${label}"${close}:::${kind}`;
}

/** Characters that Mermaid or the page around it would read as their own are written as entities. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.,:*=()+?!/'-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
