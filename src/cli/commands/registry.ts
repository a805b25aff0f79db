import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { dlq } from './dlq.ts';
import { evaluate } from './eval.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { graph } from './graph.ts';
import { init } from './init.ts';
import { keys } from './keys.ts';
import { lsp } from './lsp.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { send } from './send.ts';
import { status } from './status.ts';
import { test } from './test.ts';
import { types } from './types.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  init,
  check,
  fmt,
  test,
  explain,
  graph,
  schema,
  types,
  dev,
  evaluate,
  apply,
  doctor,
  run,
  send,
  status,
  dlq,
  keys,
  lsp,
  completion,
];
