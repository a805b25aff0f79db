import { infer } from '../infer/infer.ts';
import { condition } from '../infer/condition.ts';
import { narrowed, NOTHING_PROVEN, provenNonNull, type Scope } from '../infer/scope.ts';
import type { CheckModel, FieldModel, RecordModel, RecordTree } from '../program.ts';
import { isStrict } from './attributes.ts';
import type { Context } from './context.ts';
import { checkMessage } from './check-message.ts';
import { inferDeletion } from './deletion.ts';
import { fieldsOf, maySkip } from './fields.ts';
import { resolveOrdering } from './ordering.ts';
import { resolveRefusals } from './refusals.ts';
import { reportOfRows } from './row-of-list.ts';
import { resolveSignature } from './signature.ts';
import { aliasOf, resolveSources } from './sources.ts';
import { checksOf, expandMembers, lacksSpread } from './spreads.ts';

/** The record of a declaration. Each part is inferred once, when it is first read, and what is wrong is reported then. */
export function recordModel(tree: RecordTree, context: Context): RecordModel {
  return new InferredRecord(tree, context);
}

/** Stands for a part that nobody has read yet. */
const UNREAD = Symbol('unread');
type Part<T> = T | typeof UNREAD;

type Sources = Pick<RecordModel, 'sources' | 'rows' | 'roots'>;
type Fields = ReturnType<typeof fieldsOf>;

/**
 * A record that infers its parts. A class, as records that share their getters are read several times as fast, and as a
 * program has thousands of them: a closure for each part of each was a twentieth of the garbage of a check.
 */
class InferredRecord implements RecordModel {
  readonly name: string;
  readonly tree: RecordTree;
  readonly broken: boolean;
  readonly doc?: string;
  readonly #context: Context;
  #strict: Part<boolean> = UNREAD;
  #from: Part<Sources> = UNREAD;
  #outer: Part<Scope> = UNREAD;
  #where: Part<RecordModel['where']> = UNREAD;
  #fields: Part<Fields> = UNREAD;
  #rows: Part<RecordModel['rows']> = UNREAD;
  #incomplete: Part<boolean> = UNREAD;
  #checks: Part<readonly CheckModel[]> = UNREAD;
  #ordering: Part<RecordModel['ordering']> = UNREAD;
  #signature: Part<RecordModel['signature']> = UNREAD;
  #onRefused: Part<RecordModel['onRefused']> = UNREAD;
  #deleteWhen: Part<RecordModel['deleteWhen']> = UNREAD;

  constructor(tree: RecordTree, context: Context) {
    this.name = tree.name.text;
    this.tree = tree;
    this.broken = tree.broken;
    if (tree.doc !== undefined) this.doc = tree.doc;
    this.#context = context;
  }

  get strict(): boolean {
    if (this.#strict === UNREAD)
      this.#strict = this.tree.kind === 'entity' && isStrict(this.tree.attributes, this.#context.report);
    return this.#strict;
  }

  get #sourcesFound(): Sources {
    if (this.#from === UNREAD)
      this.#from = this.tree.kind === 'derive' ? resolveSources(this.tree, this.#context) : NO_SOURCES;
    return this.#from;
  }

  get sources(): RecordModel['sources'] {
    return this.#sourcesFound.sources;
  }

  get rows(): RecordModel['rows'] {
    if (this.#rows === UNREAD) {
      const { rows } = this.#sourcesFound;
      this.#rows = rows === 'one' && this.fields.some(maySkip) ? 'maybe' : rows;
    }
    return this.#rows;
  }

  get roots(): RecordModel['roots'] {
    return this.tree.kind === 'entity' ? [this] : this.#sourcesFound.roots;
  }

  get #outerScope(): Scope {
    if (this.#outer === UNREAD) {
      const { report, values } = this.#context;
      this.#outer = {
        report: reportOfRows(this.sources, report),
        aliases: this.sources.map(aliasOf),
        ...values,
        nonNull: NOTHING_PROVEN,
        skippable: this.tree.kind === 'derive',
      };
    }
    return this.#outer;
  }

  get where(): RecordModel['where'] {
    if (this.#where === UNREAD) this.#where = this.#whereFound();
    return this.#where;
  }

  #whereFound(): RecordModel['where'] {
    const { tree } = this;
    if (tree.kind !== 'derive' || tree.where === undefined) return undefined;
    const fields = tree.members.filter((member) => member.kind === 'field');
    const scope = { ...this.#outerScope, later: { record: this.name, fields } };
    return condition(tree.where, '`where`', scope, infer);
  }

  get #fieldsFound(): Fields {
    if (this.#fields === UNREAD) {
      const kept = this.where;
      const scope = narrowed(this.#outerScope, kept === undefined ? [] : provenNonNull(kept, true));
      this.#fields = fieldsOf(this, expandMembers(this, this.sources, this.#context, scope), scope);
    }
    return this.#fields;
  }

  get fields(): readonly FieldModel[] {
    return this.#fieldsFound.fields;
  }

  get incomplete(): boolean {
    if (this.#incomplete === UNREAD) this.#incomplete = lacksSpread(this, this.sources, this.#context);
    return this.#incomplete;
  }

  get checks(): readonly CheckModel[] {
    if (this.#checks === UNREAD)
      this.#checks = checksOf(this, this.#context).map((check): CheckModel => ({
        condition: condition(check.condition, '`check`', this.#fieldsFound.scope, infer),
        message: checkMessage(check, this.#context.report),
        span: check.span,
      }));
    return this.#checks;
  }

  get ordering(): RecordModel['ordering'] {
    if (this.#ordering === UNREAD) this.#ordering = resolveOrdering(this, this.#context.report);
    return this.#ordering;
  }

  get signature(): RecordModel['signature'] {
    if (this.#signature === UNREAD)
      this.#signature = resolveSignature(this, this.#context.secrets, this.#context.report);
    return this.#signature;
  }

  get onRefused(): RecordModel['onRefused'] {
    if (this.#onRefused === UNREAD) this.#onRefused = resolveRefusals(this, this.#context.report);
    return this.#onRefused;
  }

  get deleteWhen(): RecordModel['deleteWhen'] {
    if (this.#deleteWhen === UNREAD) this.#deleteWhen = inferDeletion(this, this.#context);
    return this.#deleteWhen;
  }
}

const NO_SOURCES: Sources = { sources: [], rows: 'one', roots: [] };

/** Reads every part of a record, in the order in which findings about it are to come. */
export function everythingIn(record: RecordModel): readonly unknown[] {
  const { strict, sources, where, fields } = record;
  const origins = fields.map((field) => field.origin);
  const { rows, checks, ordering, signature, onRefused, deleteWhen } = record;
  return [strict, sources, where, origins, rows, checks, ordering, signature, onRefused, deleteWhen];
}
