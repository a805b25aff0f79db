import type { CodeDescription } from '../diagnostics/diagnostic.ts';
import * as calls from '../model/codes/call-codes.ts';
import * as names from '../model/codes/codes.ts';
import * as matches from '../model/codes/match-codes.ts';
import * as needless from '../model/codes/needless-codes.ts';
import * as signatures from '../model/codes/signature-codes.ts';
import * as types from '../model/codes/type-codes.ts';
import { syntaxCodes } from '../syntax/codes.ts';
import { suppressionCodes } from '../syntax/codes/suppression.ts';
import { CHECKER_FAULT } from './checker-fault.ts';
import { TOO_MANY } from './found.ts';
import { liveCodes } from './live-codes.ts';
import { againstCodes } from './against/codes.ts';
import { checks } from './registry.ts';

/** Every finding that a program or its live servers can have, sorted by code. */
export const descriptions: readonly CodeDescription[] = [
  ...syntaxCodes,
  ...suppressionCodes,
  ...Object.values<CodeDescription>(names),
  ...Object.values<CodeDescription>(types),
  ...Object.values<CodeDescription>(matches),
  ...Object.values<CodeDescription>(needless),
  ...Object.values<CodeDescription>(calls),
  ...Object.values<CodeDescription>(signatures),
  ...checks.map((check) => check.description),
  ...againstCodes,
  CHECKER_FAULT,
  TOO_MANY,
  ...liveCodes,
].toSorted((a, b) => (a.code < b.code ? -1 : 1));

/** The same by code. */
export const codes: ReadonlyMap<string, CodeDescription> = new Map(
  descriptions.map((description) => [description.code, description]),
);
