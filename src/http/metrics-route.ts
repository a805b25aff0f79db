import type { ReadRoute } from './route.ts';

/** Gives the metrics of a process as text, in the format of Prometheus or in that of OpenMetrics. */
export type MetricsText = (format: 'prometheus' | 'openmetrics') => Promise<string>;

const CONTENT_TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** `/metrics`: who prefers OpenMetrics says so in `Accept`, as Prometheus does; everybody else gets the older text. */
export function metricsRoute(text: MetricsText): ReadRoute {
  return {
    method: 'GET',
    path: '/metrics',
    underPressure: true,
    underOwnName: true,
    async handle({ headers }) {
      const format = prefersOpenMetrics(headers.accept) ? 'openmetrics' : 'prometheus';
      return { status: 200, type: CONTENT_TYPES[format], text: await text(format) };
    },
  };
}

/** As RFC 9110 weighs: the higher `q`, and of two equal ones the more exact. */
function prefersOpenMetrics(accept = ''): boolean {
  const weights = new Map(accept.split(',', MOST).map(weightOf));
  const open = weights.get('application/openmetrics-text') ?? 0;
  return open > 0 && open >= (weights.get('text/plain') ?? 0);
}

/** Media types that are read of one header. */
const MOST = 20;

function weightOf(entry: string): [type: string, weight: number] {
  const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return [type, quality === undefined ? 1 : Number(quality.slice(2)) || 0];
}
