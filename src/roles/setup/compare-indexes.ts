import type { IndexPlan, TablePlan } from '../../plan/plan.ts';
import type { LiveIndex, LiveTable } from '../../ports/catalog.ts';
import { type Finding, listed, mismatch, repairOf } from './finding.ts';
import { stateFlaws } from './index-flaws.ts';

/** An index serves where its columns begin with the planned ones, in order. */
export function compareIndexes(table: TablePlan, live: LiveTable): Finding[] {
  return table.indexes.flatMap((index) =>
    live.indexes.some((found) => flawsOf(found, index).length === 0) ? [] : [missing(table, index, live)],
  );
}

function flawsOf(found: LiveIndex, { columns }: IndexPlan): string[] {
  const flaws = stateFlaws(found);
  if (!columns.every((column, place) => found.columns[place] === column)) flaws.push('on other columns');
  if (!found.ordered) flaws.push(`a ${found.method} index`);
  return flaws;
}

/** Where an unusable index has the name, a person has to move it out of the way. */
function missing(table: TablePlan, index: IndexPlan, live: LiveTable): Finding {
  const namesake = live.indexes.find(({ name }) => name === index.name);
  return mismatch(
    table,
    {
      part: `index ${listed(index.columns)}`,
      expected: 'a valid index that begins with these columns',
      found:
        namesake === undefined
          ? 'none'
          : `index ${namesake.name} ${listed(namesake.columns)}, which is ${flawsOf(namesake, index).join(', ')}`,
    },
    namesake === undefined
      ? repairOf(table, 'index', `add index ${listed(index.columns)}`, { kind: 'create-index', table, index })
      : undefined,
  );
}
