import type { IToken } from 'chevrotain';
import { DurationLiteral, NumberLiteral, SizeLiteral } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { tokenSpan } from '../lower/context.ts';
import { durationUnits, sizeUnits } from '../lower/literal.ts';
import { BAD_NUMBER } from '../codes/words.ts';
import { inPlaceOf } from './virtual.ts';

/** Units as people write them, and those of the language. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ sec: 's', secs: 's', second: 's', seconds: 's', millis: 'ms', msec: 'ms' },
  ...{ min: 'm', mins: 'm', minute: 'm', minutes: 'm', hr: 'h', hour: 'h', hours: 'h', day: 'd', days: 'd' },
  ...{ k: 'KB', kb: 'KB', kib: 'KB', mb: 'MB', mib: 'MB', g: 'GB', gb: 'GB', gib: 'GB' },
};

/** A word that begins with a digit and is no number: what is wrong, and a token to go on with. */
export function badNumber(
  file: SourceFile,
  token: IToken,
): { finding: Diagnostic; tokens: readonly IToken[] } {
  const { image } = token;
  const [message, help] = wordingOf(image);
  const unit = /[A-Za-z]+$/.exec(image)?.[0] ?? '';
  const meant = unitOf(unit);
  const type =
    meant === undefined ? NumberLiteral : durationUnits.includes(meant) ? DurationLiteral : SizeLiteral;
  return {
    finding: finding(BAD_NUMBER, tokenSpan(file, token), message, { label: 'invalid number', help }),
    tokens: [inPlaceOf(token, type, meant === undefined ? '0' : `0${meant}`)],
  };
}

function wordingOf(image: string): readonly [string, string] {
  const [, digits = '', fraction = '', unit = ''] = /^([0-9]+)(\.[0-9]+)?([A-Za-z]*)$/.exec(image) ?? [];
  const meant = unitOf(unit);
  if (digits !== '' && unit !== '') {
    if (meant !== undefined && fraction !== '') {
      return [`a duration or size is a whole number, found \`${image}\``, 'use a smaller unit'];
    }
    const help =
      withUnit(digits, unit) === undefined
        ? `write a whole number and one of these units, such as \`${digits}s\` or \`${digits}MB\``
        : `write \`${withUnit(digits, unit) ?? ''}\``;
    const units = [...durationUnits, ...sizeUnits].map((known) => `\`${known}\``).join(', ');
    return [`unknown unit \`${unit}\`; the units are ${units}`, help];
  }
  if (image.includes('_') && /^[0-9_.]+$/.test(image)) {
    return ['a number has no separators between its digits', `write \`${image.replaceAll('_', '')}\``];
  }
  if (/^0[0-9]/.test(image)) {
    return [
      'a number has no leading zeros',
      `write \`${image.replace(/^0+(?=[0-9])/, '')}\`, or text in double quotes`,
    ];
  }
  if (/^[0-9]+e$/i.test(image))
    return [
      `the exponent of \`${image}\` has no digits`,
      `write \`${image}3\`, or another number after the \`e\``,
    ];
  return [`\`${image}\` is neither a number nor a name`, 'names do not begin with a digit'];
}

/** Longer units, in days. */
const DAYS: Readonly<Record<string, number>> = { week: 7, month: 30, year: 365 };

/** A number and a unit as one word: `7d` of `7` and `days`; nothing where the unit is not known. */
export function withUnit(digits: string, unit: string): string | undefined {
  if (!/^[0-9]+$/.test(digits)) return undefined;
  const days = DAYS[unit.toLowerCase().replace(/s$/, '')];
  if (days !== undefined) return `${Number(digits) * days}d`;
  const meant = unitOf(unit);
  return meant === undefined ? undefined : `${digits}${meant}`;
}

function unitOf(unit: string): string | undefined {
  if (durationUnits.includes(unit) || sizeUnits.includes(unit)) return unit;
  const known = unit.toLowerCase();
  return Object.hasOwn(UNITS, known) ? UNITS[known] : undefined;
}
