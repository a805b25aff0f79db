import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { blockAttribute, callAsDefault, unquotedPath } from './habits/attributes.ts';
import {
  colonForBrace,
  constant,
  exportWord,
  foreignDeclaration,
  numberedMembers,
  quotedMembers,
} from './habits/declarations.ts';
import { createTable } from './habits/create-table.ts';
import { aliasSign, groupBy, join, select, templateSource, whereElsewhere } from './habits/derivations.ts';
import { caseWhen, dashComment, doubleColon, ifWithBraces, joinedTexts } from './habits/expressions.ts';
import {
  columnConstraint,
  dashes,
  hyphenName,
  modifier,
  quotedName,
  requiredList,
  typeFirst,
} from './habits/fields.ts';
import { genericType, nonNullList, schemaType } from './habits/foreign-types.ts';
import { functionBody, untypedFunction } from './habits/functions.ts';
import type { Habit } from './habits/habit.ts';
import { bareColumns, foreignKey, onConflict, onDelete, primaryKey, quotedTable } from './habits/stores.ts';
import {
  genericList,
  inlineEnum,
  inlineShape,
  listOfLists,
  neverNull,
  notNull,
  nullWord,
  optionalName,
  orNull,
  signBeforeType,
  sizedList,
} from './habits/types.ts';

/** The ways of other languages that are known by their looks. */
const habits: readonly Habit[] = [
  ...[createTable, foreignDeclaration, exportWord, constant, colonForBrace, quotedMembers, numberedMembers],
  ...[functionBody, untypedFunction, dashComment, dashes, requiredList, quotedName, hyphenName],
  ...[genericType, nonNullList, schemaType, modifier, doubleColon, groupBy, templateSource, onDelete],
  ...[optionalName, signBeforeType, listOfLists, sizedList, genericList, orNull, inlineEnum, inlineShape],
  ...[typeFirst, notNull, nullWord, columnConstraint, neverNull, unquotedPath, callAsDefault, blockAttribute],
  ...[ifWithBraces, caseWhen, joinedTexts, whereElsewhere, join, select, aliasSign],
  ...[quotedTable, primaryKey, foreignKey, onConflict, bareColumns],
];

/** Tokens in which habits of other languages are written as this one writes them. */
export interface WithoutHabits {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
  /** Tokens that stand for what can only be guessed. */
  readonly guessed: readonly IToken[];
}

/** Rewrites what is known as a habit of another language, from the beginning to the end of a declaration. */
export function withoutHabits(file: SourceFile, chunk: readonly IToken[]): WithoutHabits {
  const findings: Diagnostic[] = [];
  const guessed: IToken[] = [];
  const told = new Map<Habit, number>();
  // Two habits could undo each other.
  let rewrites = 0;
  let tokens = chunk;
  for (let at = 0; at < tokens.length; at += 1) {
    const place = { file, tokens, at };
    for (const habit of habits) {
      const rewrite = habit(place);
      if (rewrite === undefined) continue;
      rewrites += 1;
      const times = (told.get(habit) ?? 0) + 1;
      told.set(habit, times);
      if (times <= MAX_TOLD) findings.push(rewrite.finding);
      if (!rewrite.sure) guessed.push(...rewrite.insert);
      tokens = tokens.toSpliced(rewrite.from, rewrite.to - rewrite.from, ...rewrite.insert);
      at = Math.min(at, rewrite.from) - 1;
      break;
    }
    if (findings.length >= MAX_FINDINGS || rewrites > chunk.length) break;
  }
  return { tokens, findings, guessed };
}

/** Whoever has a habit has it everywhere: it is told so often in one declaration, and corrected in silence after that. */
const MAX_TOLD = 2;
/** A declaration in which so much is foreign is not worth more. */
const MAX_FINDINGS = 20;
