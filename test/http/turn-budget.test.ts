import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type TurnBudget, turnBudget } from '../../src/http/turn-budget.ts';

/** `wrong`: its key is wrong. `stranger`: nobody knows yet who sends it. */
type Who = 'known' | 'stranger' | 'wrong';

/** Requests of one turn, at these milliseconds after its first; gives which are too much. */
async function turnOf(
  budget: Budget,
  after: readonly (number | readonly [number, Who])[],
): Promise<readonly boolean[]> {
  const begin = budget.now;
  const share = budget.share;
  const workedBefore = budget.worked;
  const spent: boolean[] = [];
  for (const each of after) {
    const [ms, who] = typeof each === 'number' ? ([each, 'known'] as const) : each;
    budget.now = begin + ms;
    budget.worked = workedBefore + ms * share;
    budget.arrived();
    if (who !== 'wrong') spent.push(budget.isSpent(who === 'known'));
    budget.begun(who === 'wrong');
  }
  await nextTurn();
  return spent;
}

interface Budget extends TurnBudget {
  now: number;
  worked: number;
  /** What the process has of a processor. */
  readonly share: number;
}

function budgetFrom(share = 1): Budget {
  const budget: Budget = {
    ...{ now: 0, worked: 0, share },
    ...turnBudget({ now: () => budget.now, worked: () => budget.worked }),
  };
  return budget;
}

/** These milliseconds, in steps of three. */
function steps(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / 3) + 1 }, (_, at) => from + at * 3);
}

test('turns that a pause or one long request makes long refuse nothing', async () => {
  const budget = budgetFrom();
  for (let at = 0; at < 5; at += 1)
    expect(await turnOf(budget, [0, 80, 81, 84])).toEqual([false, false, false, false]);
});

test('many requests that come all at once are served, in one turn or two', async () => {
  const budget = budgetFrom();
  expect(await turnOf(budget, steps(0, 48))).not.toContain(true);
  expect(await turnOf(budget, steps(0, 48))).not.toContain(true);
  // Nothing more came meanwhile.
  expect(await turnOf(budget, [0, 3])).toEqual([false, false]);
  expect(await turnOf(budget, steps(0, 200))).not.toContain(true);
});

test('where many come in turn after turn, the first requests of a turn are served and the rest is too much', async () => {
  const budget = budgetFrom();
  for (let at = 0; at < 5; at += 1) await turnOf(budget, steps(0, 24));
  expect(await turnOf(budget, [0, 3, 6, 9])).toEqual([false, false, true, true]);
  expect(await turnOf(budget, [0, 3, 6])).toEqual([false, false, true]);
  // For a tenth of a second nothing was too much.
  budget.now += 101;
  expect(await turnOf(budget, steps(0, 24))).not.toContain(true);
});

test('a turn that takes a quarter of a second ends in any case', async () => {
  expect(await turnOf(budgetFrom(), [0, 249, 251])).toEqual([false, false, true]);
});

test('turns that a flood of wrong keys makes long refuse no known sender, whatever they take', async () => {
  const budget = budgetFrom();
  const flood = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => [from + at, 'wrong'] as const);
  for (let at = 0; at < 5; at += 1) {
    const turn = [...flood(0, 150), 150, ...flood(151, 300), 300, [300, 'stranger'] as const];
    expect((await turnOf(budget, turn)).slice(0, 2)).toEqual([false, false]);
  }
  // Who cannot be told from the flood yet is refused like it.
  expect(await turnOf(budget, [...flood(0, 150), [150, 'stranger'], 150])).toEqual([true, false]);
});

test('known senders are refused for what they send themselves, also in a flood', async () => {
  const budget = budgetFrom();
  const wrong = (ms: number) => [ms, 'wrong'] as const;
  for (let at = 0; at < 3; at += 1) await turnOf(budget, [0, wrong(15), wrong(20), ...steps(21, 60)]);
  expect(await turnOf(budget, [0, wrong(15), wrong(20), 21, 24, 27])).toEqual([false, false, true, true]);
});

test('turns that last long because others take the processors refuse nothing, and those that have too much do', async () => {
  const budget = budgetFrom(1 / 8);
  for (let at = 0; at < 10; at += 1) expect(await turnOf(budget, steps(0, 120))).not.toContain(true);
  await turnOf(budget, steps(0, 200));
  const spent = await turnOf(budget, steps(0, 60));
  expect(steps(0, 60).filter((_, at) => spent[at])).toEqual(steps(42, 60));
});

test('nobody waits for more than a second because others take the processors', async () => {
  expect(await turnOf(budgetFrom(1 / 100), [0, 999, 1001])).toEqual([false, false, true]);
});
