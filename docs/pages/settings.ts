import { settingTables, type Setting } from '../../src/model/settings.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/settings.md`: every setting of a pipeline, a stream and a role with its default. */
export function settingsPage(): string {
  return [
    '# Settings',
    'A setting is `name: value` inside a `pipeline`, a `stream` or a `role`. Every setting has a',
    'default. `nomnom explain FILE` prints the values of all settings.',
    '\n## Pipelines\n',
    'In braces after the name, for example `pipeline shop { max_depth: 8 }`. A message that exceeds a limit is rejected when it arrives.\n',
    settingsTable(settingTables.pipeline),
    '\n## Streams\n',
    settingsTable(settingTables.stream),
    '\n## Roles\n',
    settingsTable(settingTables.role),
  ].join('\n');
}

function settingsTable(settings: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(settings).map(([name, each]) => {
    // Each table holds settings of different values; a setting prints its own default.
    const setting = each as Setting<unknown>;
    return [code(name), code(setting.print(setting.default)), setting.takes, setting.doc];
  });
  return table(['setting', 'default', 'takes', 'meaning'], rows);
}
