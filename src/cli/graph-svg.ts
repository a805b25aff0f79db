import { instance } from '@viz-js/viz';

/** Draws a graph in the language of Graphviz as SVG, with Graphviz itself as WebAssembly. */
export async function svgOf(dot: string): Promise<string> {
  const viz = await instance();
  return viz.renderString(dot, { format: 'svg', engine: 'dot' });
}
