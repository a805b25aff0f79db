import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { turnBudget } from '../../src/http/turn-budget.ts';

/** Requests of one turn, at these milliseconds after its first; gives which are too much. */
async function turnOf(budget: Budget, after: readonly number[]): Promise<readonly boolean[]> {
  const begin = budget.now;
  const spent = after.map((ms) => {
    budget.now = begin + ms;
    return budget.isSpent();
  });
  await nextTurn();
  return spent;
}

interface Budget {
  now: number;
  isSpent(): boolean;
}

function budgetFrom(): Budget {
  const budget: Budget = { now: 0, isSpent: turnBudget(() => budget.now).isSpent };
  return budget;
}

test('one turn that a pause made long refuses nothing', async () => {
  const budget = budgetFrom();
  expect(await turnOf(budget, [0, 80, 81])).toEqual([false, false, false]);
  expect(await turnOf(budget, [0, 5])).toEqual([false, false]);
  expect(await turnOf(budget, [0, 80, 81])).toEqual([false, false, false]);
});

test('once all turns have been long for a while, the first requests of a turn are served and the rest is too much', async () => {
  const budget = budgetFrom();
  for (let at = 0; at < 3; at += 1) await turnOf(budget, [0, 15, 50]);
  expect(await turnOf(budget, [0, 15, 25, 50])).toEqual([false, false, true, true]);
  expect(await turnOf(budget, [0, 15])).toEqual([false, false]);
  expect(await turnOf(budget, [0, 15, 25])).toEqual([false, false, false]);
});

test('a turn that takes a quarter of a second ends in any case', async () => {
  expect(await turnOf(budgetFrom(), [0, 249, 251])).toEqual([false, false, true]);
});
