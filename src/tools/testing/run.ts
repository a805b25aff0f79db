import type { Expression } from '../../model/expression.ts';
import type { Program, StoreModel, TestModel } from '../../model/program.ts';
import { tableId, tableName, tablesNamed } from '../../model/table-name.ts';
import { compileExpression } from '../../plan/evaluate/expression.ts';
import { MessageRejected, type Frame } from '../../plan/evaluate/frame.ts';
import { evaluateMessage } from '../../plan/evaluate-message.ts';
import type { EntityPlan, Plan } from '../../plan/plan.ts';
import { tableAt } from '../../plan/tables-of.ts';
import type { ExpectTree, GivenTree } from '../../syntax/tree.ts';
import { spanText, type Span } from '../../text/source.ts';
import type { Fault, Rejection, RejectionCode, Value } from '../../types/value.ts';
import { agreements, expectedRow, nearest } from './expected-row.ts';
import { messagesOf, type ReadFile } from './messages.ts';
import type { TestFailure, TestResult } from './result.ts';
import { workerOf, type Message, type Unwritten, type Worker } from './worker.ts';

/**
 * Runs the tests of an accepted program, each on empty tables, its steps in order. Nothing but `readFile` reaches
 * outside.
 */
export function runTests(program: Program, plan: Plan, readFile: ReadFile): readonly TestResult[] {
  const context = { program, plan, readFile };
  return program.tests.map((test) => {
    const worker = workerOf(plan, entitiesOf(test, plan));
    const failures = failuresOf(test, worker, context);
    return { title: test.title, span: test.tree.title.span, failures, unenforced: worker.unenforced };
  });
}

interface Context {
  readonly program: Program;
  readonly plan: Plan;
  readonly readFile: ReadFile;
}

/** The entities that a test gives messages of. */
function entitiesOf({ tree }: TestModel, { entities }: Plan): readonly EntityPlan[] {
  const names = new Set(tree.steps.flatMap((step) => (step.kind === 'given' ? [step.entity.text] : [])));
  return entities.filter(({ name }) => names.has(name));
}

/** The first message of a `given` that was rejected. */
interface Rejected {
  readonly rejection: Rejection;
  /** What to call the message. */
  readonly name: string;
  /** Of the `given`. */
  readonly span: Span;
  /** How many other messages of the same file were rejected too. */
  others: number;
  expected: boolean;
}

/** A test under way. */
interface State {
  readonly worker: Worker;
  messages: number;
  /** Of the last `given`. */
  given: Span | undefined;
  rejection: Rejected | undefined;
}

function failuresOf(test: TestModel, worker: Worker, context: Context): readonly TestFailure[] {
  const state: State = { worker, messages: 0, given: undefined, rejection: undefined };
  const failures = stepFailures(test, state, context);
  // What still waits at the end is the cause of what it lacks.
  return [...waitingFailures(worker), ...failures];
}

function stepFailures(test: TestModel, state: State, context: Context): readonly TestFailure[] {
  const failures: TestFailure[] = [];
  let conditions = 0;
  for (const step of test.tree.steps) {
    const expectsRejection = step.kind === 'expect' && step.what === 'rejected';
    // What follows from a message that was rejected by surprise says nothing new.
    if (!expectsRejection && isSurprise(state)) break;
    if (step.kind === 'given') {
      const failure = give(step, state, context);
      if (failure !== undefined) return [...failures, failure];
      continue;
    }
    const expression = step.what === 'condition' ? test.expectations[conditions++] : undefined;
    const failure = expectation(step, expression, state, context);
    if (failure !== undefined) failures.push(failure);
  }
  const surprise = state.rejection;
  if (surprise === undefined || surprise.expected) return failures;
  return [...failures, { span: surprise.span, message: surpriseText(surprise) }];
}

/** One failure for each `given` with messages that were never written. */
function waitingFailures(worker: Worker): readonly TestFailure[] {
  const first = new Map<Span, Unwritten & { others: number }>();
  for (const each of worker.waiting()) {
    const before = first.get(each.message.span);
    if (before === undefined) first.set(each.message.span, { ...each, others: 0 });
    else before.others += 1;
  }
  return [...first].map(([span, { message, why, others }]) => {
    const more = others === 0 ? '' : `, and ${others} more of its file`;
    return { span, message: `${message.name} would become a dead letter${more}: it ${why}` };
  });
}

function surpriseText({ rejection, name, others }: Rejected): string {
  const alone = rejection.faults === undefined && rejection.source !== undefined;
  const source = alone ? ` (${rejection.source})` : '';
  const more = others === 0 ? '' : `, and ${others} more of its file`;
  return `${name} was rejected${more}: ${reasonOf(rejection)}${source}`;
}

function isSurprise({ rejection }: State): boolean {
  return rejection !== undefined && !rejection.expected;
}

/** The first fault, and each further one on a line of its own. */
function reasonOf(rejection: Rejection): string {
  const { faults } = rejection;
  if (faults === undefined) return faultText(rejection);
  return faults
    .map((fault) => `${faultText(fault)}${fault.source === undefined ? '' : ` (${fault.source})`}`)
    .join('\n      and ');
}

function faultText({ code, pointer, field, message }: Fault): string {
  const place = [field, pointer].filter((part) => part !== '').join(' at ');
  return `${code}${place === '' ? '' : `, ${place}`}: ${message}`;
}

function give(step: GivenTree, state: State, { program, plan, readFile }: Context): TestFailure | undefined {
  const name = step.entity.text;
  const model = program.entities.find((entity) => entity.name === name);
  const entity = plan.entities.find((each) => each.name === name);
  if (model === undefined || entity === undefined)
    throw new Error(`a test of an accepted program gives no unknown entity ${name}`);
  const messages = messagesOf(step, model, state.messages + 1, readFile);
  if ('problem' in messages) return { span: step.span, message: messages.problem };
  let rejected: Rejected | undefined;
  const accepted: Message[] = [];
  for (const { input, name: called } of messages) {
    state.messages += 1;
    const evaluation = evaluateMessage(plan.limits, entity, input);
    if (evaluation.kind === 'rows')
      accepted.push({ entity, writes: evaluation.writes, name: called, span: step.span });
    else if (rejected !== undefined) rejected.others += 1;
    else {
      const { rejection } = evaluation;
      rejected = { rejection, name: called, span: step.span, others: 0, expected: false };
    }
  }
  for (const { message, why } of state.worker.take(accepted)) {
    const rejection = { code: DEAD_LETTER, entity: name, field: '', pointer: '', message: `it ${why}` };
    if (rejected === undefined)
      rejected = { rejection, name: message.name, span: step.span, others: 0, expected: false };
    else rejected.others += 1;
  }
  state.given = step.span;
  state.rejection = rejected;
  return undefined;
}

function expectation(
  step: ExpectTree,
  expression: Expression | undefined,
  state: State,
  context: Context,
): TestFailure | undefined {
  switch (step.what) {
    case 'rejected':
      return expectRejection(step, state);
    case 'row':
      return expectRow(step, state, context);
    case 'condition':
      if (expression === undefined) throw new Error('a test has an expectation for each condition');
      return expectCondition(step, expression, frameOf(state, context));
  }
}

/** The code of a message that Postgres refuses because of a constraint. */
const DEAD_LETTER: RejectionCode = 'constraint_violation';

function expectRejection(
  step: Extract<ExpectTree, { what: 'rejected' }>,
  state: State,
): TestFailure | undefined {
  const { rejection: found, worker, given } = state;
  const wanted = step.code?.text;
  const expected = `expected the message to be rejected${wanted === undefined ? '' : ` with ${wanted}`}`;
  const waiting = worker.waiting().find(({ message }) => message.span === given);
  if (found === undefined && waiting !== undefined && given !== undefined) {
    worker.giveUp(given);
    if (wanted === undefined || wanted === DEAD_LETTER) return undefined;
    return {
      span: step.span,
      message: `${expected}, but it was rejected with ${DEAD_LETTER}: it ${waiting.why}`,
    };
  }
  if (found === undefined) {
    const none = state.messages === 0 ? 'no message was given' : 'it was accepted';
    return { span: step.span, message: `${expected}, but ${none}` };
  }
  found.expected = true;
  if (wanted === undefined || wanted === found.rejection.code) return undefined;
  return { span: step.span, message: `${expected}, but it was rejected with ${reasonOf(found.rejection)}` };
}

function expectRow(
  step: Extract<ExpectTree, { what: 'row' }>,
  { worker }: State,
  { plan, program }: Context,
): TestFailure | undefined {
  const called = { schema: step.schema?.text, table: step.table.text };
  const name = tableName(called);
  const [store] = tablesNamed(program.stores, called);
  if (store === undefined) throw new Error(`a test of an accepted program expects no unknown table ${name}`);
  const index = indexOf(store, plan);
  const expected = expectedRow(step.row.text, tableAt(plan, index), store.columns);
  const columns = nearest(expected, worker.rowsOf(index));
  if (columns === undefined)
    return { span: step.span, message: `expected a row of ${name}, but it has none` };
  const differing = columns.length - agreements(columns);
  if (differing === 0) return undefined;
  const message = `no row of ${name} matches; the closest row differs in ${differing} of ${columns.length} columns`;
  return { span: step.span, message, columns };
}

function indexOf(store: StoreModel, { tables }: Plan): number {
  return tables.findIndex(({ id }) => id === tableId(store));
}

/** A slot for each table: the list of its rows, each with a value for every field of its record. */
function frameOf({ worker }: State, { plan, program }: Context): Frame {
  return program.stores.map((store): Value => {
    const index = indexOf(store, plan);
    const { columns } = tableAt(plan, index);
    const places = store.record.fields.map((field) => columns.findIndex((each) => each.name === field.name));
    return worker.rowsOf(index).map((row) => places.map((place): Value => row[place] ?? null));
  });
}

function expectCondition(step: ExpectTree, expression: Expression, frame: Frame): TestFailure | undefined {
  const at = (message: string): TestFailure => ({ span: step.span, message });
  try {
    if (compileExpression(expression)(frame) === true) return undefined;
    return at(`expected ${spanText(expression.span)}${whyNot(expression, frame)}`);
  } catch (error) {
    if (!(error instanceof MessageRejected)) throw error;
    return at(`${spanText(expression.span)} cannot be computed: ${error.message}`);
  }
}

/** What a false condition was made of. */
function whyNot(expression: Expression, frame: Frame): string {
  if (expression.kind === 'and') {
    const { left, right } = expression;
    return whyNot(compileExpression(left)(frame) === true ? right : left, frame);
  }
  if (expression.kind !== 'compare') return ', but it is false';
  const sides = [expression.left, expression.right]
    .filter((side) => unconverted(side).kind !== 'literal')
    .map((side) => `${spanText(side.span)} is ${shown(compileExpression(side)(frame))}`);
  return sides.length === 0 ? '' : `, but ${sides.join(' and ')}`;
}

function unconverted(expression: Expression): Expression {
  return expression.kind === 'convert' ? unconverted(expression.operand) : expression;
}

function shown(value: Value): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}
