import { settingTables, type Setting } from '../../src/model/settings.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/settings.md`: every setting of a pipeline, a stream and a role with its default. */
export function settingsPage(): string {
  return [
    '# Settings',
    'A setting is `name: value` inside a `pipeline`, a `stream` or a `role`. What is left out has its default;',
    '`nomnom explain FILE` prints every value in force.',
    '\n## Pipelines\n',
    'In braces behind the name, as in `pipeline shop { max_depth: 8 }`. Messages beyond them are refused where they come in.\n',
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
