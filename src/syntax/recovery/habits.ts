import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { arrowFunction, functionSigns, withoutResult } from './habits/arrow-functions.ts';
import { elseIf, ifColon, ifEnd, manyPatterns, matchWith, switchWord } from './habits/branches.ts';
import { checkForm, checkMessage } from './habits/checks.ts';
import { bareColumn, fieldSign, letField, selectAs, valueAsType } from './habits/assignments.ts';
import { blockAttribute, callAsDefault, namedArgument, unquotedPath } from './habits/attributes.ts';
import { deleteWhen, itemColumns, looseRef, otherSoft, upsertAction } from './habits/columns.ts';
import { bangBefore, caseArm, otherwiseArm, pythonIf } from './habits/conditions.ts';
import {
  colonForBrace,
  constant,
  exportWord,
  foreignDeclaration,
  numberedMembers,
  quotedMembers,
} from './habits/declarations.ts';
import {
  duplicatesWord,
  endOfLine,
  joinedWords,
  linkLists,
  namelessDerive,
  otherWhere,
  whereSigns,
} from './habits/heads.ts';
import { looseAttribute, looseParameters, ruleBehindType } from './habits/loose-attributes.ts';
import { looseParenthesis } from './habits/loose-parenthesis.ts';
import { oddName } from './habits/odd-names.ts';
import {
  assignOperator,
  castAs,
  elvis,
  mapLambda,
  otherAccess,
  starFields,
  textPrefix,
  turnedComparison,
} from './habits/operators.ts';
import { createTable } from './habits/create-table.ts';
import { aliasSign, groupBy, join, select, templateSource, whereElsewhere } from './habits/derivations.ts';
import { enumForm, enumOfField, memberInParentheses, memberWords } from './habits/enums.ts';
import { caseWhen, dashComment, doubleColon, ifWithBraces, joinedTexts } from './habits/expressions.ts';
import { columnConstraint, dashes, modifier, quotedName, requiredList, typeFirst } from './habits/fields.ts';
import { genericType, nonNullList, schemaType } from './habits/foreign-types.ts';
import { functionBody, untypedFunction } from './habits/functions.ts';
import type { Habit } from './habits/habit.ts';
import { barePattern, linkSign, needlessWord, settingSign, subjectForm } from './habits/links.ts';
import { hyphenName, hyphenUse, quotedNames } from './habits/names.ts';
import { openSize } from './habits/open-size.ts';
import { bareParameters, inheritance, otherParameter, power, settingCall } from './habits/parameters.ts';
import { barePath } from './habits/paths.ts';
import { rangeSign, unitApart } from './habits/settings.ts';
import { aliasWithoutAs, derivedFrom, eachIn, listBrackets, unnest } from './habits/sources.ts';
import { fieldReference, labelAfterType, labelBeforeType, wordyType } from './habits/sql-columns.ts';
import {
  expectCall,
  expectWords,
  stepWords,
  givenForm,
  memberInJson,
  testTitle,
  testWord,
} from './habits/test-steps.ts';
import { behindBraces, columnInStore, otherBrackets, tableInEntity } from './habits/store-fields.ts';
import { bareColumns, foreignKey, onConflict, onDelete, primaryKey, quotedTable } from './habits/stores.ts';
import { inlineEnum, inlineShape } from './habits/inline-types.ts';
import { genericList, listOfLists, signBeforeType, sizedList } from './habits/list-types.ts';
import { spliced } from './spliced.ts';
import { neverNull, notNull, nullWord, optionalName, orNull } from './habits/nullable-types.ts';

/** The ways of other languages that are known by their looks. */
const habits: readonly Habit[] = [
  ...[
    createTable,
    testWord,
    testTitle,
    givenForm,
    expectCall,
    expectWords,
    stepWords,
    memberInJson,
    arrowFunction,
    functionSigns,
  ],
  ...[
    needlessWord,
    linkSign,
    subjectForm,
    barePattern,
    settingSign,
    switchWord,
    matchWith,
    elseIf,
    ifColon,
    ifEnd,
  ],
  ...[enumForm, memberWords, memberInParentheses, enumOfField],
  ...[foreignDeclaration, exportWord, constant, colonForBrace, quotedMembers, numberedMembers],
  ...[quotedNames, barePath, functionBody, untypedFunction, withoutResult],
  ...[dashComment, dashes, requiredList, quotedName, hyphenName, hyphenUse],
  ...[
    behindBraces,
    otherBrackets,
    tableInEntity,
    letField,
    selectAs,
    fieldSign,
    bareColumn,
    unitApart,
    rangeSign,
  ],
  ...[namelessDerive, endOfLine, linkLists, joinedWords, duplicatesWord, whereSigns, otherWhere],
  ...[
    looseParenthesis,
    openSize,
    looseAttribute,
    looseParameters,
    ruleBehindType,
    turnedComparison,
    elvis,
    castAs,
    mapLambda,
  ],
  ...[
    textPrefix,
    assignOperator,
    starFields,
    bareParameters,
    otherParameter,
    inheritance,
    settingCall,
    power,
  ],
  ...[wordyType, labelBeforeType, labelAfterType, fieldReference],
  ...[genericType, nonNullList, schemaType, modifier, doubleColon, groupBy, templateSource, onDelete],
  ...[optionalName, signBeforeType, listOfLists, sizedList, genericList, orNull, inlineEnum, inlineShape],
  ...[
    typeFirst,
    notNull,
    nullWord,
    columnConstraint,
    neverNull,
    unquotedPath,
    namedArgument,
    callAsDefault,
    blockAttribute,
  ],
  ...[bangBefore, pythonIf, caseArm, otherwiseArm, manyPatterns, checkForm, checkMessage, valueAsType],
  ...[ifWithBraces, caseWhen, joinedTexts, whereElsewhere, derivedFrom, eachIn, unnest, listBrackets],
  ...[join, select, aliasSign, aliasWithoutAs],
  ...[
    quotedTable,
    primaryKey,
    foreignKey,
    onConflict,
    deleteWhen,
    upsertAction,
    otherSoft,
    looseRef,
    itemColumns,
  ],
  ...[bareColumns, columnInStore, otherAccess, oddName],
];

/** Tokens in which habits of other languages are written as this one writes them. */
export interface WithoutHabits {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
  /** Tokens that stand for what can only be guessed. */
  readonly guessed: readonly IToken[];
  /** Whether so much had to be rewritten that the rest was left as it is. */
  readonly stopped: boolean;
}

/**
 * Rewrites what is known as a habit of another language, from the beginning to the end of a declaration. One that can be
 * read has only what means something else than was meant.
 */
export function withoutHabits(file: SourceFile, chunk: readonly IToken[], readable: boolean): WithoutHabits {
  const known = readable ? [hyphenUse] : habits;
  const findings: Diagnostic[] = [];
  const guessed: IToken[] = [];
  const told = new Set<string>();
  // Two habits could undo each other.
  let rewrites = 0;
  let moved = 0;
  let tokens = chunk;
  for (let at = 0; at < tokens.length; at += 1) {
    const place = { file, tokens, at };
    for (const habit of known) {
      const rewrite = habit(place);
      if (rewrite === undefined) continue;
      rewrites += 1;
      moved += tokens.length;
      findings.push(rewrite.finding);
      told.add(`${rewrite.finding.code} ${rewrite.finding.message}`);
      if (!rewrite.sure) for (const token of rewrite.insert) guessed.push(token);
      tokens = spliced(tokens, rewrite.from, rewrite.to, rewrite.insert);
      at = Math.min(at, rewrite.from) - 1;
      break;
    }
    if (told.size >= MAX_FINDINGS || rewrites > chunk.length || moved > MOST_MOVED) break;
  }
  return { tokens, findings, guessed, stopped: moved > MOST_MOVED };
}

/** A declaration in which so much is foreign is not worth more. */
const MAX_FINDINGS = 20;
/** So many tokens are moved by rewrites. */
const MOST_MOVED = 200_000_000;
