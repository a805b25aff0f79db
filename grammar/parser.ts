import type { CstNode, IToken } from 'chevrotain';
import type { FileCst } from './cst.ts';
import type { Rule } from './expression-rules.ts';
import { tokenMatcher } from './chevrotain.ts';
import { MemberRules } from './member-rules.ts';
import * as t from './tokens.ts';
import { word } from './tokens.ts';

/**
 * The syntax of `.nom` files, executable. It knows no type, function, attribute or setting names: they are
 * names here and get their meaning later. Rules give concrete syntax nodes, see `cst.ts`.
 */
export class NomParser extends MemberRules {
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** What takes each declaration of a file as soon as it was read; the file's node then holds nothing of it. */
  each: ((declaration: CstNode) => void) | undefined;

  readonly file: Rule = this.RULE('file', () => {
    this.MANY(() => {
      const declaration = this.SUBRULE(this.declaration);
      this.ACTION(() => {
        if (this.each === undefined) return;
        this.each(declaration);
        for (const part in declaration.children) delete declaration.children[part];
      });
    });
  });

  readonly declaration: Rule = this.choice('declaration', [
    { ALT: () => this.SUBRULE(this.pipeline) },
    { ALT: () => this.SUBRULE(this.importFile) },
    { ALT: () => this.SUBRULE(this.enumeration) },
    { ALT: () => this.SUBRULE(this.shape) },
    { ALT: () => this.SUBRULE(this.entity) },
    { ALT: () => this.SUBRULE(this.derive) },
    { ALT: () => this.SUBRULE(this.lookup) },
    { ALT: () => this.SUBRULE(this.fn) },
    { ALT: () => this.SUBRULE(this.secret) },
    { ALT: () => this.SUBRULE(this.stream) },
    { ALT: () => this.SUBRULE(this.role) },
    { ALT: () => this.SUBRULE(this.test) },
  ]);

  readonly pipeline: Rule = this.RULE('pipeline', () => {
    this.CONSUME(word.pipeline, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.LeftCurly);
      this.MANY(() => this.SUBRULE(this.setting));
      this.CONSUME(t.RightCurly, { LABEL: 'last' });
    });
  });

  readonly importFile: Rule = this.RULE('importFile', () => {
    this.CONSUME(word.import, { LABEL: 'first' });
    this.CONSUME(t.TextLiteral, { LABEL: 'path' });
  });

  readonly enumeration: Rule = this.RULE('enumeration', () => {
    this.CONSUME(word.enum, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.SUBRULE(this.enumMember));
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly enumMember: Rule = this.RULE('enumMember', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.Equal);
      this.CONSUME(t.TextLiteral, { LABEL: 'value' });
    });
  });

  readonly shape: Rule = this.RULE('shape', () => {
    this.CONSUME(word.shape, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.SUBRULE(this.body);
  });

  readonly entity: Rule = this.RULE('entity', () => {
    this.CONSUME(word.entity, { LABEL: 'first' });
    this.MANY(() => this.SUBRULE(this.attribute));
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.MANY2(() => this.SUBRULE2(this.attribute));
    this.SUBRULE(this.body);
  });

  readonly derive: Rule = this.RULE('derive', () => {
    this.CONSUME(word.derive, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(word.from);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.source) });
    this.OPTION(() => {
      this.CONSUME(word.where);
      this.SUBRULE(this.expression, { LABEL: 'where' });
    });
    this.SUBRULE(this.body);
  });

  readonly source: Rule = this.RULE('source', () => {
    this.OPTION({
      // `each.lines` and `each as x` read from a source called `each`.
      GATE: () => this.isName(2) && !(this.LA(2).tokenType === word.as && this.isName(3)),
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(word.each, { LABEL: 'mode' }) },
          { ALT: () => this.CONSUME(word.optional, { LABEL: 'mode' }) },
        ]),
    });
    this.SUBRULE(this.path);
    this.OPTION2(() => {
      this.CONSUME(word.as);
      this.CONSUME(t.Identifier, { LABEL: 'alias' });
    });
  });

  readonly lookup: Rule = this.RULE('lookup', () => {
    this.CONSUME(word.lookup, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.TextLiteral, { LABEL: 'path' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.field) }, { ALT: () => this.SUBRULE(this.key) }]);
    });
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly fn: Rule = this.RULE('fn', () => {
    this.CONSUME(word.fn, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.parameter) });
    this.CONSUME(t.RightParen);
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.type);
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  readonly parameter: Rule = this.RULE('parameter', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  readonly secret: Rule = this.RULE('secret', () => {
    this.CONSUME(word.secret, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
  });

  readonly stream: Rule = this.RULE('stream', () => {
    this.CONSUME(word.stream, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() =>
      this.OR([{ ALT: () => this.SUBRULE(this.subject) }, { ALT: () => this.SUBRULE(this.setting) }]),
    );
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly subject: Rule = this.RULE('subject', () => {
    this.CONSUME(word.subject, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.Equal);
    this.CONSUME(t.TextLiteral, { LABEL: 'pattern' });
  });

  readonly role: Rule = this.RULE('role', () => {
    this.CONSUME(word.role, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() =>
      this.OR([{ ALT: () => this.SUBRULE(this.link) }, { ALT: () => this.SUBRULE(this.setting) }]),
    );
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly link: Rule = this.choice('link', [
    {
      ALT: () => {
        this.CONSUME(word.publish, { LABEL: 'first' });
        this.SUBRULE(this.path);
      },
    },
    {
      ALT: () => {
        this.CONSUME(word.consume, { LABEL: 'first' });
        this.SUBRULE2(this.path);
        this.OPTION({
          // `only: 3` is a setting.
          GATE: () => this.isName(2),
          DEF: () => {
            this.CONSUME(word.only);
            this.AT_LEAST_ONE_SEP({
              SEP: t.Comma,
              DEF: () => this.CONSUME(t.Identifier, { LABEL: 'only' }),
            });
          },
        });
      },
    },
    {
      ALT: () => {
        this.CONSUME(word.dead_letter, { LABEL: 'first' });
        this.SUBRULE3(this.path);
      },
    },
  ]);

  readonly setting: Rule = this.RULE('setting', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.Colon);
    this.SUBRULE(this.literal);
  });

  readonly test: Rule = this.RULE('test', () => {
    this.CONSUME(word.test, { LABEL: 'first' });
    this.CONSUME(t.TextLiteral, { LABEL: 'title' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.given, { LABEL: 'step' }) },
        { ALT: () => this.SUBRULE(this.expect, { LABEL: 'step' }) },
      ]),
    );
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly given: Rule = this.RULE('given', () => {
    this.CONSUME(word.given, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OR([
      { ALT: () => this.CONSUME(t.TextLiteral, { LABEL: 'path' }) },
      { ALT: () => this.SUBRULE(this.jsonObject, { LABEL: 'json' }) },
      { ALT: () => this.SUBRULE(this.jsonArray, { LABEL: 'json' }) },
    ]);
  });

  readonly expect: Rule = this.RULE('expect', () => {
    this.CONSUME(word.expect, { LABEL: 'first' });
    this.OR([
      {
        // A table may be called `rejected`, and so may a name in an expression.
        GATE: () => this.atRejection(),
        ALT: () => {
          this.CONSUME(word.rejected, { LABEL: 'rejected' });
          this.OPTION({
            GATE: () => this.LA(1).tokenType !== word.given && this.LA(1).tokenType !== word.expect,
            DEF: () => this.CONSUME(t.Identifier, { LABEL: 'code' }),
          });
        },
      },
      {
        // `app.orders { … }` is a row of a table, `app.orders == …` a condition.
        GATE: () => this.atRow(),
        ALT: () => {
          this.CONSUME2(t.Identifier, { LABEL: 'table' });
          this.OPTION2(() => {
            this.CONSUME(t.Dot);
            this.CONSUME3(t.Identifier, { LABEL: 'table' });
          });
          this.SUBRULE(this.jsonObject, { LABEL: 'row' });
        },
      },
      { ALT: () => this.SUBRULE(this.expression, { LABEL: 'condition' }) },
    ]);
  });

  private atRejection(): boolean {
    return this.isName(2) || this.LA(2).tokenType === t.RightCurly;
  }

  private atRow(): boolean {
    const last = this.LA(2).tokenType === t.Dot ? 3 : 1;
    return this.isName(last) && this.LA(last + 1).tokenType === t.LeftCurly;
  }

  private isName(distance: number): boolean {
    return tokenMatcher(this.LA(distance), t.Identifier);
  }
}

let parser: NomParser | undefined;

/** The one parser of this process; building it takes a while. */
export function nomParser(): NomParser {
  parser ??= new NomParser();
  return parser;
}

/** Names the rules that parse on their own. */
export type StartRule = 'file' | 'declaration';

/** What came of reading tokens by a rule. */
export interface Reading {
  readonly cst: CstNode;
  /** The token at which the parser gave up, or nothing where all is well. */
  readonly stuckAt?: IToken;
}

/** Reads all the tokens by a rule. */
export function read(rule: StartRule, tokens: readonly IToken[]): Reading {
  const parser = nomParser();
  parser.input = tokens as IToken[];
  const cst = parser[rule]();
  const error = parser.errors[0];
  return error === undefined ? { cst } : { cst, stuckAt: error.token };
}

/** A declaration's node, as the parser has it and with the type of its rule. */
type ReadDeclaration = CstNode & NonNullable<FileCst['children']['declaration']>[number];

/**
 * Reads a file and gives each declaration away at once, so that the nodes of a large file need not be held together: they
 * are several times as large as the tree that is made of them. Gives the token at which the parser gave up, or nothing.
 */
export function readEach(
  tokens: readonly IToken[],
  each: (declaration: ReadDeclaration) => void,
): IToken | undefined {
  const parser = nomParser();
  parser.each = (declaration) => each(declaration as ReadDeclaration);
  try {
    return read('file', tokens).stuckAt;
  } finally {
    parser.each = undefined;
  }
}
