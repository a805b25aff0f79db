import type { Difference } from '../../ports/queue.ts';

/**
 * Why a role does not start, for a person: every difference with both values, then what fixes them. Undefined where
 * there is none but those that are tolerable. `file` is the `.nom` file as the user named it.
 */
export function refusalText(file: string, found: readonly Difference[]): string | undefined {
  const differences = found.filter(({ tolerable }) => tolerable !== true);
  if (differences.length === 0) return undefined;
  const fixable = differences.filter((difference) => difference.fixable);
  const forbidden = differences.filter((difference) => difference.forbidden === true);
  const byHand = differences.filter((difference) => !difference.fixable && difference.forbidden !== true);
  const count = differences.length === 1 ? 'one place' : `${differences.length} places`;
  const lines = [`the live servers differ from ${file} in ${count}`];
  if (fixable.length > 0) {
    lines.push('', ...fixable.map(differenceLine), `  fixed by: nomnom apply ${file}`);
  }
  if (forbidden.length > 0) {
    lines.push(
      '',
      ...forbidden.map(differenceLine),
      `  grant to this user what is listed by: nomnom explain ${file} --permissions`,
    );
  }
  if (byHand.length > 0) {
    lines.push(
      '',
      ...byHand.map(differenceLine),
      `  fix these yourself, because a change could lose data: change the server or ${file}, ` +
        `then check with: nomnom apply ${file}`,
    );
  }
  return lines.join('\n');
}

/** `NOM902 table orders, column status: the plan says text, the server has integer` */
export function differenceLine({ code, what, expected, found }: Difference): string {
  if (expected === 'exists') return `  ${code} ${what}: it does not exist`;
  return `  ${code} ${what}: the plan says ${expected}, the server has ${found}`;
}
