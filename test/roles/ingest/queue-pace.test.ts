import { expect, test } from 'vitest';
import { queuePace } from '../../../src/roles/ingest/queue-pace.ts';

test('a queue that answers late is given less, and more again once it answers in time', () => {
  let now = 0;
  const pace = queuePace(1000, () => now);
  const answered = pace.sent(1000);
  expect(pace.isBusy()).toBe(true);
  now = 200;
  answered();
  const next = pace.sent(699);
  expect(pace.isBusy()).toBe(false);
  const more = pace.sent(1);
  expect(pace.isBusy()).toBe(true);
  now = 210;
  next();
  more();
  pace.sent(999);
  expect(pace.isBusy()).toBe(false);
});

test('one late answer to few messages leaves room for what a quiet role takes', () => {
  let now = 0;
  const pace = queuePace(1000, () => now);
  const answered = pace.sent(3);
  now = 5000;
  answered();
  pace.sent(63);
  expect(pace.isBusy()).toBe(false);
  pace.sent(1);
  expect(pace.isBusy()).toBe(true);
});

test('a queue that always takes long is not mistaken for one that has too much to do', () => {
  let now = 0;
  const pace = queuePace(1000, () => now);
  for (let round = 0; round < 50; round += 1) {
    const answers: (() => void)[] = [];
    while (!pace.isBusy() && answers.length < 500) answers.push(pace.sent(1));
    now += 120;
    for (const answered of answers) answered();
  }
  pace.sent(499);
  expect(pace.isBusy()).toBe(false);
});
