import type { Production } from './production.ts';

/*
 * Railroad diagrams as static SVG. A part has one line through it, at height 0, and room above and below;
 * it is drawn from its left end.
 */
interface Part {
  readonly width: number;
  readonly above: number;
  readonly below: number;
  readonly draw: (x: number, y: number) => string;
}

/** The radius of every bend, and the room between parts. */
const BEND = 10;
const GAP = 8;
const HALF_BOX = 12;
/** Of one character of the 13px monospace font, rounded up so that no text touches its box. */
const CHARACTER = 8;

const STYLE = `
path { fill: none; stroke: #57606a; stroke-width: 1.5 }
rect { fill: #ddf4ff; stroke: #0969da; stroke-width: 1.2 }
rect.rule { fill: #fff8c5; stroke: #9a6700 }
text { font: 13px ui-monospace, monospace; fill: #1f2328; text-anchor: middle }
.class { font-style: italic }
@media (prefers-color-scheme: dark) {
  path { stroke: #9198a1 }
  rect { fill: #0c2d6b; stroke: #388bfd }
  rect.rule { fill: #3b2300; stroke: #d29922 }
  text { fill: #f0f6fc }
}`.trim();

/** The diagram of one rule: an SVG document that needs nothing else. Words are round, rules square. */
export function railroad(production: Production): string {
  const part = partOf(production);
  const start = 20;
  const y = part.above + 10;
  const width = part.width + 2 * start;
  const height = y + part.below + 10;
  const end = start + part.width;
  const ends = `${path(`M4 ${y - 8}v16M4 ${y}H${start}`)}${path(`M${end} ${y}H${width - 4}m0 -8v16`)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${STYLE}</style>`,
    `${ends}${part.draw(start, y)}`.replaceAll('><', '>\n<'),
    '</svg>',
    '',
  ].join('\n');
}

function partOf(production: Production): Part {
  switch (production.kind) {
    case 'literal':
      return box(production.text, 'literal');
    case 'class':
      return box(production.name, 'class');
    case 'rule':
      return box(production.name, 'rule');
    case 'sequence':
      return sequence(production.parts.map(partOf));
    case 'choice':
      return choice(production.alternatives.map(partOf));
    case 'optional':
      return bypassed(partOf(production.of));
    case 'repeated': {
      const { separator } = production;
      const repeated = loop(partOf(production.of), separator === undefined ? line(0) : partOf(separator));
      return production.atLeast === 1 ? repeated : bypassed(repeated);
    }
  }
}

function box(text: string, kind: 'literal' | 'class' | 'rule'): Part {
  const width = text.length * CHARACTER + 20;
  const round = kind === 'rule' ? 0 : HALF_BOX;
  return {
    width,
    above: HALF_BOX,
    below: HALF_BOX,
    draw: (x, y) =>
      `<rect class="${kind}" x="${x}" y="${y - HALF_BOX}" width="${width}" height="${2 * HALF_BOX}" rx="${round}"/>` +
      `<text class="${kind}" x="${x + width / 2}" y="${y + 4}">${escaped(text)}</text>`,
  };
}

function line(width: number): Part {
  return { width, above: 0, below: 0, draw: (x, y) => (width === 0 ? '' : path(`M${x} ${y}h${width}`)) };
}

function sequence(parts: readonly Part[]): Part {
  const spaced = parts.flatMap((part, at) => (at === 0 ? [part] : [line(2 * GAP), part]));
  return {
    width: sum(spaced.map((part) => part.width)),
    above: highest(spaced.map((part) => part.above)),
    below: highest(spaced.map((part) => part.below)),
    draw: (x, y) => {
      let at = x;
      return spaced
        .map((part) => {
          const drawn = part.draw(at, y);
          at += part.width;
          return drawn;
        })
        .join('');
    },
  };
}

/** The first alternative on the line, the others below it. */
function choice(parts: readonly Part[]): Part {
  const inner = highest(parts.map((part) => part.width));
  const width = inner + 4 * BEND;
  const offsets: number[] = [];
  let depth = 0;
  parts.forEach((part, at) => {
    const before = parts[at - 1];
    depth += before === undefined ? 0 : Math.max(before.below + GAP + part.above, 2 * BEND);
    offsets.push(depth);
  });
  return {
    width,
    above: parts[0]?.above ?? 0,
    below: depth + (parts.at(-1)?.below ?? 0),
    draw: (x, y) =>
      parts
        .map((part, at) => {
          const offset = offsets[at] ?? 0;
          const left = x + 2 * BEND;
          const right = `M${left + part.width} ${y + offset}H${x + width - 2 * BEND}`;
          const into = offset === 0 ? `M${x} ${y}H${left}` : `M${x} ${y}${down(offset)}`;
          const out = offset === 0 ? `H${x + width}` : up(offset);
          return path(into) + part.draw(left, y + offset) + path(right + out);
        })
        .join(''),
  };
}

/** A way round above the part. */
function bypassed(part: Part): Part {
  const height = Math.max(part.above + GAP, 2 * BEND);
  const width = part.width + 4 * BEND;
  return {
    width,
    above: height,
    below: part.below,
    draw: (x, y) =>
      path(`M${x} ${y}h${2 * BEND}`) +
      part.draw(x + 2 * BEND, y) +
      path(`M${x + width - 2 * BEND} ${y}h${2 * BEND}`) +
      path(`M${x} ${y}${up(height)}h${part.width}${down(height)}`),
  };
}

/** A way back below the part, with what stands between two of it. */
function loop(part: Part, between: Part): Part {
  const inner = Math.max(part.width, between.width);
  const width = inner + 2 * BEND;
  const depth = Math.max(part.below + GAP + between.above, 2 * BEND);
  return {
    width,
    above: part.above,
    below: depth + between.below,
    draw: (x, y) => {
      const [left, right] = [x + BEND, x + BEND + inner];
      const back = right - between.width;
      return (
        path(`M${x} ${y}H${left}`) +
        part.draw(left, y) +
        path(`M${left + part.width} ${y}H${x + width}`) +
        path(
          `M${right} ${y}${arc(BEND, BEND)}v${depth - 2 * BEND}${arc(-BEND, BEND)}H${back + between.width}`,
        ) +
        between.draw(back, y + depth) +
        path(`M${back} ${y + depth}H${left}${arcUp(-BEND)}v${2 * BEND - depth}${arcUp(BEND)}`)
      );
    },
  };
}

/** From a line down to another, to the right by two bends. */
function down(height: number): string {
  return `q${BEND} 0 ${BEND} ${BEND}v${height - 2 * BEND}q0 ${BEND} ${BEND} ${BEND}`;
}

function up(height: number): string {
  return `q${BEND} 0 ${BEND} ${-BEND}v${2 * BEND - height}q0 ${-BEND} ${BEND} ${-BEND}`;
}

/** A bend downwards: out to the right at the start of a way back, in to the left at its end. */
function arc(x: number, y: number): string {
  return x > 0 ? `q${x} 0 ${x} ${y}` : `q0 ${y} ${x} ${y}`;
}

function arcUp(x: number): string {
  return x < 0 ? `q${x} 0 ${x} ${-BEND}` : `q0 ${-BEND} ${x} ${-BEND}`;
}

function path(d: string): string {
  return `<path d="${d}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function highest(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}
