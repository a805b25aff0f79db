import type { CstNode, IOrAlt, ParserMethod, TokenType } from 'chevrotain';
import { CstParser } from './chevrotain.ts';
import * as t from './tokens.ts';
import { reserved } from './tokens.ts';

/** A grammar rule: called, it reads from the parser's input and gives a node of the concrete syntax tree. */
export type Rule = ParserMethod<[], CstNode>;

/** Enough to tell a field called `check` from a check, by the token behind the name. */
const LOOKAHEAD = 2;

/** Literals, JSON and expressions; expressions stand from the loosest to the tightest binding. */
export class ExpressionRules extends CstParser {
  constructor(validate: boolean) {
    super([...t.grammarTokens], { maxLookahead: LOOKAHEAD, skipValidations: !validate });
  }

  /**
   * A rule that is one of several. Their list is made once, as are others below: made anew at each token, they were a
   * sixth of the garbage of a check.
   */
  protected choice(name: string, alternatives: IOrAlt<unknown>[]): Rule {
    return this.RULE(name, () => void this.OR(alternatives));
  }

  readonly path: Rule = this.RULE('path', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.CONSUME(t.Identifier, { LABEL: 'part' }) });
  });

  readonly literal: Rule = this.choice('literal', [
    { ALT: () => this.CONSUME(t.TextLiteral, { LABEL: 'text' }) },
    {
      ALT: () => {
        this.OPTION(() => this.CONSUME(t.Minus, { LABEL: 'minus' }));
        this.CONSUME(t.NumberLiteral, { LABEL: 'number' });
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.DurationLiteral, { LABEL: 'duration' });
        this.OPTION2(() => {
          this.CONSUME(t.Range);
          this.CONSUME2(t.DurationLiteral, { LABEL: 'duration' });
        });
      },
    },
    { ALT: () => this.CONSUME(t.SizeLiteral, { LABEL: 'size' }) },
    { ALT: () => this.CONSUME(reserved.true, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.false, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.null, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(t.Identifier, { LABEL: 'word' }) },
    {
      ALT: () => {
        this.CONSUME(t.LeftSquare, { LABEL: 'list' });
        this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.literal) });
        this.CONSUME(t.RightSquare, { LABEL: 'last' });
      },
    },
  ]);

  readonly expression: Rule = this.choice('expression', [
    { ALT: () => this.SUBRULE(this.condition) },
    { ALT: () => this.SUBRULE(this.disjunction) },
  ]);

  readonly condition: Rule = this.RULE('condition', () => {
    this.CONSUME(reserved.if, { LABEL: 'first' });
    this.SUBRULE(this.expression, { LABEL: 'condition' });
    this.CONSUME(reserved.then);
    this.SUBRULE2(this.expression, { LABEL: 'then' });
    this.CONSUME(reserved.else);
    this.SUBRULE3(this.expression, { LABEL: 'otherwise' });
  });

  readonly disjunction: Rule = this.RULE('disjunction', () => {
    this.SUBRULE(this.conjunction, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(reserved.or, { LABEL: 'operator' });
      this.SUBRULE2(this.conjunction, { LABEL: 'operand' });
    });
  });

  readonly conjunction: Rule = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(reserved.and, { LABEL: 'operator' });
      this.SUBRULE2(this.negation, { LABEL: 'operand' });
    });
  });

  readonly negation: Rule = this.RULE('negation', () => {
    this.MANY(() => this.CONSUME(reserved.not, { LABEL: 'prefix' }));
    this.SUBRULE(this.comparison, { LABEL: 'operand' });
  });

  private readonly comparisonSigns: IOrAlt<unknown>[] = [
    { ALT: () => this.CONSUME(t.EqualEqual, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.NotEqual, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.Less, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.LessEqual, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.Greater, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.GreaterEqual, { LABEL: 'operator' }) },
  ];

  readonly comparison: Rule = this.RULE('comparison', () => {
    this.SUBRULE(this.fallback, { LABEL: 'operand' });
    this.OPTION(() => {
      this.OR(this.comparisonSigns);
      this.SUBRULE2(this.fallback, { LABEL: 'operand' });
    });
  });

  readonly fallback: Rule = this.RULE('fallback', () => {
    this.SUBRULE(this.sum, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(t.QuestionQuestion, { LABEL: 'operator' });
      this.SUBRULE2(this.sum, { LABEL: 'operand' });
    });
  });

  private readonly sumSigns: IOrAlt<unknown>[] = [
    { ALT: () => this.CONSUME(t.Plus, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.Minus, { LABEL: 'operator' }) },
  ];

  readonly sum: Rule = this.RULE('sum', () => {
    this.SUBRULE(this.product, { LABEL: 'operand' });
    this.MANY({
      GATE: () => !this.atNegativePattern(),
      DEF: () => {
        this.OR(this.sumSigns);
        this.SUBRULE2(this.product, { LABEL: 'operand' });
      },
    });
  });

  /** `-1 ->` begins the next arm of a match and does not go on with the value before it. */
  private atNegativePattern(): boolean {
    return this.isNext(1, t.Minus) && this.isNext(2, t.NumberLiteral) && this.isNext(3, t.Arrow);
  }

  private isNext(distance: number, type: TokenType): boolean {
    return this.LA(distance).tokenType === type;
  }

  private readonly productSigns: IOrAlt<unknown>[] = [
    { ALT: () => this.CONSUME(t.Star, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.Slash, { LABEL: 'operator' }) },
    { ALT: () => this.CONSUME(t.Percent, { LABEL: 'operator' }) },
  ];

  readonly product: Rule = this.RULE('product', () => {
    this.SUBRULE(this.sign, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR(this.productSigns);
      this.SUBRULE2(this.sign, { LABEL: 'operand' });
    });
  });

  readonly sign: Rule = this.RULE('sign', () => {
    this.MANY(() => this.CONSUME(t.Minus, { LABEL: 'prefix' }));
    this.SUBRULE(this.access, { LABEL: 'operand' });
  });

  readonly access: Rule = this.RULE('access', () => {
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.step));
  });

  readonly step: Rule = this.choice('step', [
    {
      ALT: () => {
        this.CONSUME(t.Dot);
        this.CONSUME(t.Identifier, { LABEL: 'name' });
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.QuestionDot, { LABEL: 'optional' });
        this.CONSUME2(t.Identifier, { LABEL: 'name' });
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.LeftSquare);
        this.SUBRULE(this.expression, { LABEL: 'index' });
        this.CONSUME(t.RightSquare, { LABEL: 'last' });
      },
    },
  ]);

  readonly primary: Rule = this.choice('primary', [
    { ALT: () => this.CONSUME(t.TextLiteral, { LABEL: 'text' }) },
    { ALT: () => this.CONSUME(t.NumberLiteral, { LABEL: 'number' }) },
    { ALT: () => this.CONSUME(t.DurationLiteral, { LABEL: 'duration' }) },
    { ALT: () => this.CONSUME(reserved.true, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.false, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.null, { LABEL: 'constant' }) },
    { ALT: () => this.SUBRULE(this.match) },
    { ALT: () => this.SUBRULE(this.call) },
    { ALT: () => this.CONSUME(t.Identifier, { LABEL: 'name' }) },
    {
      ALT: () => {
        this.CONSUME(t.LeftParen, { LABEL: 'open' });
        this.SUBRULE(this.expression, { LABEL: 'inner' });
        this.CONSUME(t.RightParen, { LABEL: 'close' });
      },
    },
  ]);

  readonly call: Rule = this.RULE('call', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression, { LABEL: 'argument' }) });
    this.CONSUME(t.RightParen, { LABEL: 'last' });
  });

  readonly match: Rule = this.RULE('match', () => {
    this.CONSUME(reserved.match, { LABEL: 'first' });
    this.SUBRULE(this.expression, { LABEL: 'subject' });
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.SUBRULE(this.arm));
    this.OPTION(() => {
      this.CONSUME(reserved.else);
      this.CONSUME(t.Arrow);
      this.SUBRULE2(this.expression, { LABEL: 'otherwise' });
    });
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly arm: Rule = this.RULE('arm', () => {
    this.SUBRULE(this.pattern);
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.expression, { LABEL: 'value' });
  });

  readonly pattern: Rule = this.choice('pattern', [
    { ALT: () => this.CONSUME(t.TextLiteral, { LABEL: 'text' }) },
    {
      ALT: () => {
        this.OPTION(() => this.CONSUME(t.Minus, { LABEL: 'minus' }));
        this.CONSUME(t.NumberLiteral, { LABEL: 'number' });
      },
    },
    { ALT: () => this.CONSUME(reserved.true, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.false, { LABEL: 'constant' }) },
    { ALT: () => this.CONSUME(reserved.null, { LABEL: 'constant' }) },
    { ALT: () => this.SUBRULE(this.path) },
  ]);

  readonly json: Rule = this.choice('json', [
    { ALT: () => this.CONSUME(t.TextLiteral) },
    {
      ALT: () => {
        this.OPTION(() => this.CONSUME(t.Minus));
        this.CONSUME(t.NumberLiteral);
      },
    },
    { ALT: () => this.CONSUME(reserved.true) },
    { ALT: () => this.CONSUME(reserved.false) },
    { ALT: () => this.CONSUME(reserved.null) },
    { ALT: () => this.SUBRULE(this.jsonObject) },
    { ALT: () => this.SUBRULE(this.jsonArray) },
  ]);

  readonly jsonObject: Rule = this.RULE('jsonObject', () => {
    this.CONSUME(t.LeftCurly, { LABEL: 'first' });
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.CONSUME(t.TextLiteral);
        this.CONSUME(t.Colon);
        this.SUBRULE(this.json);
      },
    });
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly jsonArray: Rule = this.RULE('jsonArray', () => {
    this.CONSUME(t.LeftSquare, { LABEL: 'first' });
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.json) });
    this.CONSUME(t.RightSquare, { LABEL: 'last' });
  });
}
