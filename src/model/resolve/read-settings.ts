import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { Name } from '../../syntax/name.ts';
import type { SettingTree } from '../../syntax/tree.ts';
import { BAD_SETTING } from '../codes/codes.ts';
import { reportDuplicate } from '../collect/declarations.ts';
import { settingTables, type SettingTable, type SettingValues } from '../settings.ts';
import { suggestion } from '../suggestion.ts';
import { settingHelp } from './meant-setting.ts';

/** What has settings. */
type Owner = keyof typeof settingTables;

/** Every setting with the value written for it, or its default. */
export function readSettings<O extends Owner>(
  owner: O,
  trees: readonly SettingTree[],
  report: Report,
): SettingValues<(typeof settingTables)[O]> {
  const table: SettingTable = settingTables[owner];
  const values = new Map<string, unknown>(
    Object.entries(table).map(([name, setting]) => [name, setting.default]),
  );
  const seen = new Map<string, Name>();
  for (const { name, value } of trees) {
    const setting = Object.hasOwn(table, name.text) ? table[name.text] : undefined;
    if (setting === undefined) {
      report(
        finding(BAD_SETTING, name.span, `a ${owner} has no setting \`${name.text}\``, {
          help: helpFor(name.text, owner),
        }),
      );
      continue;
    }
    const first = seen.get(name.text);
    if (first !== undefined) reportDuplicate(name, first, report);
    seen.set(name.text, name);
    const read = setting.read(value);
    const help = read === undefined ? settingHelp(value, setting) : undefined;
    if (read === undefined)
      report(
        finding(BAD_SETTING, value.span, `\`${name.text}\` takes ${setting.takes}`, {
          label: help?.endsWith('without quotes') ? 'in quotes' : `not ${setting.takes}`,
          help,
        }),
      );
    else values.set(name.text, read);
  }
  // The map was filled from the table's own entries, so it has exactly the table's keys.
  return Object.fromEntries(values) as SettingValues<(typeof settingTables)[O]>;
}

/** Where the setting belongs, what was meant, or what there is. */
function helpFor(name: string, owner: Owner): string {
  const other = Object.entries(settingTables).find(([, table]) => Object.hasOwn(table, name))?.[0];
  if (other !== undefined) return `it is one of a \`${other}\`: move it there`;
  const known = Object.keys(settingTables[owner]);
  return suggestion(name, known) ?? `a ${owner} has ${known.join(', ')}`;
}
