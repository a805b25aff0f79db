import type { LiteralTree } from '../../syntax/expression-tree.ts';
import { parseFile } from '../../syntax/parse.ts';
import { spanText } from '../../text/source.ts';
import type { Setting } from '../settings.ts';

/** What to write for the value of a setting that it does not take. */
export function settingHelp(
  value: LiteralTree,
  setting: Pick<Setting<unknown>, 'takes' | 'read'>,
): string | undefined {
  const meant = candidates(value).find((text) => {
    const literal = literalOf(text);
    return literal !== undefined && setting.read(literal) !== undefined;
  });
  if (meant !== undefined && value.kind === 'number' && /^\d+[a-zA-Z]/.test(meant))
    return `write it with its unit, such as \`${meant}\``;
  if (meant !== undefined) return `write \`${meant}\`${value.kind === 'string' ? ', without quotes' : ''}`;
  const [, example] = /such as ([^\s,]+)/.exec(setting.takes) ?? /^one of (\w+)/.exec(setting.takes) ?? [];
  return example === undefined ? undefined : `write it like \`${example}\``;
}

/** What may be meant: a text without its quotes, a number with a unit, two durations as a range. */
function candidates(value: LiteralTree): readonly string[] {
  const written = spanText(value.span);
  switch (value.kind) {
    case 'string':
      return [
        value.value,
        value.value.replaceAll(/[\s_]/g, ''),
        value.value.replace(/^(\d+)\s*([smhdw])(?!onth).*$/i, '$1$2').toLowerCase(),
      ];
    case 'word':
      return [
        JSON.stringify(value.value),
        value.value.toLowerCase(),
        ...(TRUTH.get(value.value.toLowerCase()) ?? []),
      ];
    case 'number':
      return [`${written}s`, `${written}ms`, `${written}MB`, JSON.stringify(written)];
    case 'list':
      return [
        value.items.map(({ span }) => spanText(span)).join('..'),
        ...value.items.map(({ span }) => spanText(span)),
      ];
    case 'duration':
    case 'size':
      return [`${written}..${written}`, written.replace(/[A-Za-z]+$/, '')];
    default:
      return [];
  }
}

const TRUTH: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries({ yes: ['true'], on: ['true'], enabled: ['true'] }),
  ...Object.entries({ no: ['false'], off: ['false'], disabled: ['false'] }),
]);

/** A text as the value of a setting. */
function literalOf(text: string): LiteralTree | undefined {
  let faults = 0;
  const { declarations } = parseFile({ name: '', text: `role r { s: ${text} }` }, () => {
    faults += 1;
  });
  const [role, ...more] = declarations;
  if (faults > 0 || role?.kind !== 'role' || more.length > 0 || role.settings.length !== 1) return undefined;
  return role.settings[0]?.value;
}
