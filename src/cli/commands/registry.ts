import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { check } from './check.ts';
import { dev } from './dev.ts';
import { evaluate } from './eval.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { graph } from './graph.ts';
import { run } from './run.ts';
import { send } from './send.ts';
import { status } from './status.ts';
import { test } from './test.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  check,
  fmt,
  test,
  explain,
  graph,
  dev,
  evaluate,
  apply,
  run,
  send,
  status,
];
