import type { Contradiction } from '../../../ports/catalog.ts';
import {
  LOST_WITH_POWER,
  OWN_TABLES,
  READ_SETTINGS,
  READ_UNLOGGED,
  REFUSED_SETTINGS,
  type SettingValue,
} from '../../../sql/postgres/catalog/server-settings.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export async function checkSettings(
  sql: SqlSession,
  ledgerSchema: string | undefined,
): Promise<readonly Contradiction[]> {
  const names = [...REFUSED_SETTINGS, ...LOST_WITH_POWER].map(({ name }) => name);
  const settings = (await sql.query({ text: READ_SETTINGS, values: [names] })).rows;
  const unlogged = (await sql.query({ text: READ_UNLOGGED, values: [OWN_TABLES, ledgerSchema ?? null] }))
    .rows;
  const has = ({ name, value }: SettingValue): boolean =>
    settings.some((row) => row['name'] === name && row['value'] === value);
  const found: Contradiction[] = REFUSED_SETTINGS.filter(has).map(({ name, value, because }) => ({
    severity: 'refusal',
    message: `${name} is ${value}, and ${because}; reset it`,
  }));
  if (settings[0]?.['homeless'] === true)
    found.push({
      severity: 'refusal',
      message: 'search_path has no existing schema, expected the schema with the tables; set search_path',
    });
  for (const { name } of unlogged)
    found.push({
      severity: 'refusal',
      message: `table ${String(name)} is unlogged, and a crash of Postgres empties it; run ALTER TABLE … SET LOGGED`,
    });
  const weak = LOST_WITH_POWER.filter(has);
  if (weak.length > 0)
    found.push({
      severity: 'warning',
      message: `a power loss may lose what this Postgres has committed, or damage its files: ${weak.map(({ name, value }) => `${name} is ${value}`).join(', ')}`,
      help: `Set ${weak.map(({ name, safe }) => `${name} = ${safe}`).join(', ')}, unless what this Postgres holds may be lost with the machine.`,
    });
  return found;
}
