import { usage } from './exit.ts';

/**
 * Draws a graph in the language of Graphviz as SVG. Graphviz itself, as WebAssembly, is an optional package: nothing else
 * needs it.
 */
export async function svgOf(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw usage(ABSENT);
    throw error;
  });
  const viz = await instance();
  return viz.renderString(dot, { format: 'svg', engine: 'dot' });
}

const ABSENT =
  '--format svg needs the package @viz-js/viz, which is not installed: `npm install @viz-js/viz` beside nomnom, ' +
  'or give the output of --format dot to Graphviz';
