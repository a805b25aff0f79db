import type { GraphNode } from './graph.ts';

/** Fill and outline of each kind of node; text on them is black. */
export const colors: Readonly<Record<GraphNode['kind'], { readonly fill: string; readonly line: string }>> = {
  role: { fill: '#e8eaed', line: '#5f6368' },
  subject: { fill: '#fef7e0', line: '#b06000' },
  entity: { fill: '#e8f0fe', line: '#1967d2' },
  derivation: { fill: '#f3e8fd', line: '#8430ce' },
  lookup: { fill: '#e4f7fb', line: '#007b83' },
  table: { fill: '#e6f4ea', line: '#188038' },
};
