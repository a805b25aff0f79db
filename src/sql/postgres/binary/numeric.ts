import { type Output, reserve } from './output.ts';

const NEGATIVE = 0x4000;

/**
 * Puts a decimal, `-123.45`, as `numeric_recv` reads it: how many groups of four digits, the power of the first one, the sign,
 * the digits behind the point, then the groups. Zeros in front are no harm: Postgres strips them.
 */
export function putNumeric(output: Output, text: string): void {
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  const { length } = text;
  let dot = start;
  while (dot < length && text.charCodeAt(dot) !== 46) dot += 1;
  const fraction = dot === length ? 0 : length - dot - 1;
  const wholeGroups = (dot - start + 3) >> 2;
  const fractionGroups = (fraction + 3) >> 2;
  const groups = wholeGroups + fractionGroups;
  const size = 8 + groups * 2;
  reserve(output, size + 4);
  const { view } = output;
  let { at } = output;
  view.setInt32(at, size);
  view.setInt16(at + 4, groups);
  view.setInt16(at + 6, wholeGroups - 1);
  view.setUint16(at + 8, start === 1 ? NEGATIVE : 0);
  view.setUint16(at + 10, fraction);
  at += 12;
  // The first group has what is left over by groups of four.
  let group = 0;
  for (let index = start; index < dot; index += 1) {
    group = group * 10 + (text.charCodeAt(index) - 48);
    if (((dot - index) & 3) !== 1) continue;
    view.setUint16(at, group);
    at += 2;
    group = 0;
  }
  for (let index = 0; index < fractionGroups * 4; index += 1) {
    group = group * 10 + (index < fraction ? text.charCodeAt(dot + 1 + index) - 48 : 0);
    if ((index & 3) !== 3) continue;
    view.setUint16(at, group);
    at += 2;
    group = 0;
  }
  output.at = at;
}
