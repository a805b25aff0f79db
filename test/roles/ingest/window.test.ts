import { expect, test } from 'vitest';
import { openWindow } from '../../../src/roles/ingest/window.ts';

test('a window takes single messages up to its size, then refuses until one leaves', () => {
  const window = openWindow(2);
  expect([window.tryEnter(), window.tryEnter(), window.tryEnter()]).toEqual([true, true, false]);
  window.leave(1);
  expect(window.tryEnter()).toBe(true);
});

test('groups wait for room in order, and no single message overtakes them', async () => {
  const window = openWindow(10);
  const entered: string[] = [];
  await window.enter(8);
  const big = window.enter(5).then(() => entered.push('big'));
  const small = window.enter(1).then(() => entered.push('small'));
  expect(window.tryEnter()).toBe(false);
  await Promise.resolve();
  expect(entered).toEqual([]);
  window.leave(8);
  await Promise.all([big, small]);
  expect(entered).toEqual(['big', 'small']);
});

test('a group larger than the window goes in alone', async () => {
  const window = openWindow(2);
  await window.enter(1);
  const group = window.enter(5);
  window.leave(1);
  await group;
  expect(window.tryEnter()).toBe(false);
  window.leave(5);
  expect(window.tryEnter()).toBe(true);
});
