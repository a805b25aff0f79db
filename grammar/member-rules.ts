import type { IOrAlt } from 'chevrotain';
import type { Rule } from './expression-rules.ts';
import { ExpressionRules } from './expression-rules.ts';
import * as t from './tokens.ts';
import { word } from './tokens.ts';

/** What stands in the braces of a shape, an entity and a derivation: fields, checks, stores. */
export class MemberRules extends ExpressionRules {
  readonly body: Rule = this.RULE('body', () => {
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.SUBRULE(this.member));
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly member: Rule = this.choice('member', [
    { GATE: () => this.atRefused(), ALT: () => this.SUBRULE(this.refused) },
    { ALT: () => this.SUBRULE(this.field) },
    { ALT: () => this.SUBRULE(this.spread) },
    { ALT: () => this.SUBRULE(this.check) },
    { ALT: () => this.SUBRULE(this.ordered) },
    { ALT: () => this.SUBRULE(this.signed) },
    { ALT: () => this.SUBRULE(this.store) },
  ]);

  private readonly fieldParts: IOrAlt<unknown>[] = [
    {
      ALT: () => {
        this.CONSUME(t.Colon);
        this.SUBRULE(this.type);
        this.MANY(() => this.SUBRULE(this.attribute));
        this.OPTION(() => {
          this.CONSUME(t.Equal);
          this.SUBRULE(this.expression, { LABEL: 'value' });
        });
      },
    },
    {
      ALT: () => {
        this.CONSUME2(t.Equal);
        this.SUBRULE2(this.expression, { LABEL: 'value' });
      },
    },
  ];

  readonly field: Rule = this.RULE('field', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OR(this.fieldParts);
  });

  readonly type: Rule = this.RULE('type', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => this.CONSUME(t.NumberLiteral, { LABEL: 'parameter' }),
      });
      this.CONSUME(t.RightParen, { LABEL: 'last' });
    });
    this.OPTION2(() => {
      this.CONSUME(t.LeftSquare, { LABEL: 'list' });
      this.CONSUME(t.RightSquare, { LABEL: 'last' });
    });
    this.OPTION3(() => this.CONSUME(t.Question, { LABEL: 'nullable' }));
  });

  readonly attribute: Rule = this.RULE('attribute', () => {
    this.CONSUME(t.At, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.literal) });
      this.CONSUME(t.RightParen, { LABEL: 'last' });
    });
  });

  readonly spread: Rule = this.RULE('spread', () => {
    this.CONSUME(t.Spread, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
  });

  readonly check: Rule = this.RULE('check', () => {
    this.CONSUME(word.check, { LABEL: 'first' });
    this.SUBRULE(this.expression, { LABEL: 'condition' });
    this.OPTION(() => this.CONSUME(t.TextLiteral, { LABEL: 'message' }));
  });

  readonly ordered: Rule = this.RULE('ordered', () => {
    this.CONSUME(word.ordered, { LABEL: 'first' });
    this.CONSUME(word.by);
    this.SUBRULE(this.names);
  });

  readonly signed: Rule = this.RULE('signed', () => {
    this.CONSUME(word.signed, { LABEL: 'first' });
    this.CONSUME(word.by);
    this.CONSUME(t.Identifier, { LABEL: 'scheme' });
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.literal) });
    this.CONSUME(t.RightParen, { LABEL: 'last' });
  });

  readonly refused: Rule = this.RULE('refused', () => {
    this.CONSUME(word.on_refused, { LABEL: 'first' });
    this.CONSUME(t.Colon);
    this.OR([
      { ALT: () => this.CONSUME(word.answer, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(word.dead_letter, { LABEL: 'action' }) },
    ]);
  });

  /** `on_refused: text` is a field. */
  private atRefused(): boolean {
    const action = this.LA(3).tokenType;
    return (
      this.LA(1).tokenType === word.on_refused &&
      this.LA(2).tokenType === t.Colon &&
      (action === word.answer || action === word.dead_letter)
    );
  }

  private readonly storeItems: IOrAlt<unknown>[] = [
    { ALT: () => this.SUBRULE(this.key, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.unique, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.upsert, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.ref, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.index, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.prune, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.delete, { LABEL: 'item' }) },
    { ALT: () => this.SUBRULE(this.duplicates, { LABEL: 'item' }) },
  ];

  readonly store: Rule = this.RULE('store', () => {
    this.CONSUME(word.store, { LABEL: 'first' });
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.Identifier, { LABEL: 'name' });
    });
    this.OPTION2(() => this.CONSUME(word.existing, { LABEL: 'existing' }));
    this.CONSUME(t.LeftCurly);
    this.MANY(() => this.OR(this.storeItems));
    this.CONSUME(t.RightCurly, { LABEL: 'last' });
  });

  readonly names: Rule = this.RULE('names', () => {
    this.CONSUME(t.LeftParen, { LABEL: 'first' });
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Identifier, { LABEL: 'name' }) });
    this.CONSUME(t.RightParen, { LABEL: 'last' });
  });

  readonly key: Rule = this.RULE('key', () => {
    this.CONSUME(word.key, { LABEL: 'first' });
    this.SUBRULE(this.names);
  });

  readonly unique: Rule = this.RULE('unique', () => {
    this.CONSUME(word.unique, { LABEL: 'first' });
    this.SUBRULE(this.names);
    this.OPTION(() => {
      this.CONSUME(word.nulls);
      this.CONSUME(word.equal, { LABEL: 'last' });
    });
  });

  private readonly upsertActions: IOrAlt<unknown>[] = [
    { ALT: () => this.CONSUME(word.replace, { LABEL: 'action' }) },
    { ALT: () => this.CONSUME(word.keep, { LABEL: 'action' }) },
    { ALT: () => this.CONSUME(word.merge, { LABEL: 'action' }) },
    {
      ALT: () => {
        this.CONSUME(word.newest, { LABEL: 'action' });
        this.CONSUME(word.by);
        this.CONSUME(t.Identifier, { LABEL: 'version' });
      },
    },
    {
      ALT: () => {
        this.CONSUME(word.add, { LABEL: 'action' });
        this.SUBRULE2(this.names, { LABEL: 'added' });
      },
    },
  ];

  readonly upsert: Rule = this.RULE('upsert', () => {
    this.CONSUME(word.upsert, { LABEL: 'first' });
    this.CONSUME(word.on);
    this.SUBRULE(this.names);
    this.OPTION(() => this.OR(this.upsertActions));
  });

  readonly ref: Rule = this.RULE('ref', () => {
    this.CONSUME(word.ref, { LABEL: 'first' });
    this.SUBRULE(this.names);
    this.CONSUME(t.Arrow);
    this.CONSUME(t.Identifier, { LABEL: 'target' });
    this.SUBRULE2(this.names, { LABEL: 'targetNames' });
    this.OPTION(() => this.CONSUME(word.soft, { LABEL: 'soft' }));
  });

  readonly index: Rule = this.RULE('index', () => {
    this.CONSUME(word.index, { LABEL: 'first' });
    this.SUBRULE(this.names);
  });

  readonly prune: Rule = this.RULE('prune', () => {
    this.CONSUME(word.prune, { LABEL: 'first' });
    this.CONSUME(word.by);
    this.SUBRULE(this.names);
  });

  readonly duplicates: Rule = this.RULE('duplicates', () => {
    this.CONSUME(word.duplicates, { LABEL: 'first' });
    this.OR([
      { ALT: () => this.CONSUME(word.first, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(word.last, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(word.add, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(word.newest, { LABEL: 'action' }) },
    ]);
  });

  readonly delete: Rule = this.RULE('delete', () => {
    this.CONSUME(word.delete, { LABEL: 'first' });
    this.CONSUME(word.when);
    this.SUBRULE(this.expression, { LABEL: 'when' });
  });
}
