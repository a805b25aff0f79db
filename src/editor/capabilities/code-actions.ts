import { CodeActionKind } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { codeActionsOf, refactoringActions } from '../protocol.ts';
import { quickFixes } from '../quick-fix.ts';
import { refactorings } from '../refactor.ts';

const kinds = [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract, CodeActionKind.RefactorRewrite];

export const codeActions: Capability = {
  announces: { codeActionProvider: { codeActionKinds: kinds } },
  serve: ({ connection, within }) =>
    connection.onCodeAction(({ textDocument, range, context: { only, diagnostics } }) => {
      // An editor asks for `refactor` and means everything below it.
      const wants = (kind: string): boolean =>
        only === undefined ||
        only.some((each) => kind === each || kind.startsWith(`${each}.`) || each === '');
      return within(textDocument, ({ text, document }) => {
        const [start, end] = [text.offsetAt(range.start), text.offsetAt(range.end)];
        const fixes = wants(CodeActionKind.QuickFix) ? quickFixes(document, start, end) : [];
        const changes = kinds.slice(1).some(wants)
          ? refactoringActions(text, refactorings(document, { start, end }))
          : [];
        return [
          ...codeActionsOf(text, fixes, diagnostics),
          ...changes.filter(({ kind = '' }) => wants(kind)),
        ];
      });
    }),
};
