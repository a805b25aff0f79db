/**
 * One setting of a stream or consumer that the plan fixes, compared with what the server has. `Found` is the server's
 * configuration with its state.
 */
export interface Setting<Plan, Found> {
  /** As JetStream names it. */
  readonly name: string;
  readonly expected: (plan: Plan) => string;
  readonly found: (found: Found) => string;
  /** Whether the server can be made to agree without losing a message. */
  readonly fixable: (plan: Plan, found: Found) => boolean;
}

export interface SettingDifference {
  readonly setting: string;
  readonly expected: string;
  readonly found: string;
  readonly fixable: boolean;
}

export function compareSettings<Plan, Found>(
  settings: readonly Setting<Plan, Found>[],
  plan: Plan,
  found: Found,
): readonly SettingDifference[] {
  return settings.flatMap((setting) => {
    const expected = setting.expected(plan);
    const has = setting.found(found);
    if (expected === has) return [];
    return [{ setting: setting.name, expected, found: has, fixable: setting.fixable(plan, found) }];
  });
}

export const always = (): boolean => true;
export const never = (): boolean => false;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds as a `.nom` file writes them: `7d`, `90s`, `1500ms`. */
export function durationText(milliseconds: number): string {
  const unit = UNITS.find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}

export function limitText(limit: number | undefined, unit: string): string {
  return limit === undefined || limit <= 0 ? 'unlimited' : `${limit} ${unit}`;
}
