import type { IProduction, IToken, TokenType } from 'chevrotain';
import * as chevrotain from './chevrotain.ts';
import type { StartRule } from './parser.ts';
import { nomParser } from './parser.ts';

/*
 * What the grammar accepts next, token by token. The parser decides with two tokens of lookahead and so may
 * give up a token early, and it tells neither what it expected nor what would have helped. This walks the
 * same rules with every reading at once: it stops exactly at the first token that no file could have there,
 * and a mend can be tried before it is made. Its states are values; it never changes one.
 */

/** A place in the rules with the places to return to. */
interface Frame {
  readonly parts: readonly IProduction[];
  readonly at: number;
  readonly rule: string;
  readonly up: Frame | undefined;
}

/** What the classes of optional and repeated parts share. */
interface Group extends IProduction {
  readonly definition: readonly IProduction[];
  readonly separator?: TokenType;
}

/** Every way to read the tokens so far; none is left where the last token fits nowhere. */
export type State = readonly Frame[];

/** A token that may come next. */
export interface Expected {
  readonly type: TokenType;
  /** The grammar rule in which it stands. */
  readonly rule: string;
}

interface Continuation extends Expected {
  readonly next: Frame | undefined;
}

interface Outlook {
  readonly continuations: readonly Continuation[];
  /** True where the start rule may end here. */
  readonly complete: boolean;
}

/** The state before the first token. */
export function begin(rule: StartRule): State {
  const definition = nomParser().getGAstProductions()[rule]?.definition ?? [];
  return [{ parts: definition, at: 0, rule, up: undefined }];
}

/** The state after one more token; empty where the token does not fit. */
export function advance(state: State, token: IToken): State {
  return outlookOf(state).continuations.flatMap(({ type, next }) =>
    chevrotain.tokenMatcher(token, type) ? [next ?? END] : [],
  );
}

/** The tokens that fit next. */
export function expectedIn(state: State): readonly Expected[] {
  return outlookOf(state).continuations;
}

/** Whether the tokens so far are a whole of the start rule. */
export function isComplete(state: State): boolean {
  return outlookOf(state).complete;
}

const END: Frame = { parts: [], at: 0, rule: '', up: undefined };

const outlooks = new WeakMap<State, Outlook>();

function outlookOf(state: State): Outlook {
  const known = outlooks.get(state);
  if (known !== undefined) return known;
  const continuations: Continuation[] = [];
  let complete = false;
  const visit = (frame: Frame | undefined): void => {
    if (frame === undefined) {
      complete = true;
      return;
    }
    const part = frame.parts[frame.at];
    if (part === undefined) {
      visit(frame.up);
      return;
    }
    const { rule } = frame;
    const next = after(frame);
    const into = (definition: readonly IProduction[], up: Frame | undefined): void =>
      visit({ parts: definition, at: 0, rule, up });
    if (part instanceof chevrotain.Terminal) {
      continuations.push({ type: part.terminalType, rule, next });
      return;
    }
    if (part instanceof chevrotain.NonTerminal) {
      visit({ parts: part.referencedRule.definition, at: 0, rule: part.nonTerminalName, up: next });
      return;
    }
    if (part instanceof chevrotain.Alternation) {
      for (const { definition } of part.definition as Group[]) into(definition, next);
      return;
    }
    // The classes that are left differ by name only, and the compiler cannot tell them apart.
    const { definition, separator } = part as Group;
    const again = separator === undefined ? definition : [terminalOf(separator), ...definition];
    switch (part.constructor) {
      case chevrotain.Option:
        into(definition, next);
        return visit(next);
      case chevrotain.Repetition:
        // The way back from one round leads to this frame again: another round, or on.
        into(definition, frame);
        return visit(next);
      case chevrotain.RepetitionMandatory:
      case chevrotain.RepetitionMandatoryWithSeparator:
        return into(definition, rounds(again, rule, next));
      case chevrotain.RepetitionWithSeparator:
        into(definition, rounds(again, rule, next));
        return visit(next);
      default:
        throw new Error(`the grammar has a kind of rule that is not known here: ${part.constructor.name}`);
    }
  };
  for (const frame of state) visit(frame);
  const outlook = { continuations, complete };
  outlooks.set(state, outlook);
  return outlook;
}

/** The frame behind one part; at the end of a rule the place to return to, so that stacks stay short. */
function after({ parts, at, rule, up }: Frame): Frame | undefined {
  return at + 1 < parts.length ? { parts, at: at + 1, rule, up } : up;
}

function rounds(definition: readonly IProduction[], rule: string, up: Frame | undefined): Frame {
  return { parts: [new chevrotain.Repetition({ definition: [...definition] })], at: 0, rule, up };
}

function terminalOf(type: TokenType): IProduction {
  return new chevrotain.Terminal({ terminalType: type });
}
