import type { Span } from '../text/source.ts';

export type Severity = 'error' | 'warning';

/** A stable finding code, `NOM` and three digits; the first digit is its family. Never reused. */
export type Code = `NOM${number}`;

/** What a code means, for the reference and `nomnom explain CODE`. */
export interface CodeDescription {
  readonly code: Code;
  readonly severity: Severity;
  /** One line, without a full stop: what was found. */
  readonly title: string;
  /** A page of Markdown: why it is a fault, what happens if it runs anyway, how to fix it. */
  readonly explanation: string;
}

/** A place in the source with what it shows; `text` is short and starts in lower case. */
export interface Label {
  readonly span: Span;
  readonly text?: string;
}

/** A finding about a program. A bad program is a list of these values, never an exception. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** Stands alone: names what was found and what was expected, in one sentence without a full stop. */
  readonly message: string;
  readonly primary: Label;
  /** Further places that explain the finding. */
  readonly related: readonly Label[];
  /** The fix, where one is known. */
  readonly help?: string;
}

/** A warning that a comment in the program allows, so that it is no finding any more. */
export interface Allowed {
  readonly warning: Diagnostic;
  /** What the comment says behind `because`. */
  readonly reason: string;
  /** The comment. */
  readonly span: Span;
}

/** Where phases put their findings. */
export interface Report {
  (finding: Diagnostic): void;
  /** Whether a further error would only be counted: then its text need not be made. */
  readonly isFull?: () => boolean;
}

/** The optional parts of a finding. */
export interface FindingParts {
  /** Short text under the primary span. */
  readonly label?: string;
  readonly related?: readonly Label[];
  readonly help?: string | undefined;
}

/** Makes a finding of the severity that its code has. */
export function finding(
  description: Pick<CodeDescription, 'code' | 'severity'>,
  span: Span,
  message: string,
  parts: FindingParts = {},
): Diagnostic {
  return {
    code: description.code,
    severity: description.severity,
    message,
    primary: parts.label === undefined ? { span } : { span, text: parts.label },
    related: parts.related ?? [],
    ...(parts.help === undefined ? {} : { help: parts.help }),
  };
}
