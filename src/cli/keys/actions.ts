import type { Plan } from '../../plan/plan.ts';
import type { KeyTerms, KnownKey } from '../../ports/keys.ts';
import type { Store } from '../../ports/store.ts';
import { keyHash, newKey } from '../../roles/access/key-text.ts';
import { keySenderId, senderMark, shortMark } from '../../roles/access/sender-mark.ts';
import { confirmChange } from '../confirm.ts';
import { withServers } from '../dlq/open.ts';
import { tableText } from '../dlq/table.ts';
import { fault } from '../exit.ts';
import { loadPlan } from '../program-file.ts';
import { rateText } from '../rate.ts';
import type { Terminal } from '../terminal.ts';
import { lengthOf, nameOf, termsOf } from './terms.ts';
import { jsonText } from '../json-text.ts';

export interface KeysFlags {
  readonly root?: string;
  readonly databaseUrl?: string;
  readonly ledgerSchema?: string;
  readonly entity?: readonly string[];
  readonly scope?: readonly string[];
  readonly rate?: string;
  readonly keep?: string;
  readonly ended?: true;
  readonly yes?: true;
  readonly json?: true;
}

type KeyAction = (file: string, name: string, flags: KeysFlags, terminal: Terminal) => Promise<void>;

export const create: KeyAction = async (file, name, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const terms = termsOf(plan, name, flags);
  await withKeys(plan, flags, async (store) => {
    const known = await store.ledger.keys.read(plan.pipeline);
    refuseSameMark(plan.pipeline, name, known);
    if (known.length === 0)
      await confirmChange({
        does: `give ${plan.pipeline} its first key, and from then on refuse every request without one`,
        yes: flags.yes === true,
        terminal,
      });
    const key = newKey();
    const hash = keyHash(key);
    if (!(await store.ledger.keys.add(plan.pipeline, { ...terms, hash })))
      throw fault(
        `there is a key ${name} already: rotate it with nomnom keys rotate, or choose another name`,
      );
    show(key, terms, flags, terminal);
  });
};

export const rotate: KeyAction = async (file, name, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const keep = lengthOf('--keep', flags.keep ?? '24h');
  await withKeys(plan, flags, async (store) => {
    const known = await store.ledger.keys.read(plan.pipeline);
    const terms = known.find((key) => key.name === nameOf(name) && key.left === undefined);
    if (terms !== undefined && keep === 0)
      await confirmChange({
        does: `end the old key of ${name} at once, before its holder can have the new one`,
        yes: flags.yes === true,
        terminal,
      });
    const key = newKey();
    const hash = keyHash(key);
    const done = await store.transaction(({ ledger }) => ledger.keys.rotate(plan.pipeline, name, hash, keep));
    if (!done || terms === undefined) throw noKey(name, known);
    show(key, terms, flags, terminal);
    if (flags.json !== true) terminal.note(`the old key of ${name} is valid for ${flags.keep ?? '24h'}\n`);
  });
};

export const revoke: KeyAction = async (file, name, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  await withKeys(plan, flags, async (store) => {
    const known = await store.ledger.keys.read(plan.pipeline);
    const valid = known.filter((key) => key.name === nameOf(name) && isValid(key));
    if (valid.length === 0) throw noKey(name, known);
    await confirmChange({
      does: `end the keys of ${name}, which can then no longer send to ${plan.pipeline}`,
      yes: flags.yes === true,
      terminal,
    });
    const count = await store.ledger.keys.revoke(plan.pipeline, name);
    terminal.out(
      `${count} ${count === 1 ? 'key' : 'keys'} of ${name} revoked; roles refuse it within 10 s\n`,
    );
  });
};

export const list = async (file: string, flags: KeysFlags, terminal: Terminal): Promise<void> => {
  const { plan } = loadPlan(file, terminal, flags.root);
  await withKeys(plan, flags, async (store) => {
    const known = await store.ledger.keys.read(plan.pipeline);
    const shown = flags.ended === true ? known : known.filter(isValid);
    if (flags.json === true) terminal.out(jsonText(shown.map(keyData)));
    else if (shown.length > 0) {
      terminal.out(listText(shown));
      const hidden = known.length - shown.length;
      if (hidden > 0)
        terminal.note(
          `${hidden} ${hidden === 1 ? 'key that has ended is' : 'keys that have ended are'} not shown; --ended shows them too\n`,
        );
    } else if (known.length > 0)
      terminal.out('no key is valid now, so nobody can send; --ended shows those that were\n');
    else terminal.out(`${plan.pipeline} has no key: only its own machine may send\n`);
  });
};

function withKeys(plan: Plan, flags: KeysFlags, work: (store: Store) => Promise<void>): Promise<void> {
  return withServers(plan, flags, false, ({ store }) => work(store), 'nomnom keys');
}

/** Two senders whose random ids end alike could read the statuses of those that they come to know. */
function refuseSameMark(pipeline: string, name: string, known: readonly KnownKey[]): void {
  const markOf = (each: string) => shortMark(senderMark(pipeline, keySenderId(each)));
  const same = known.find((key) => key.name !== name && markOf(key.name) === markOf(name));
  if (same !== undefined)
    throw fault(`${name} cannot be told from ${same.name} in the ids of messages: choose another name`);
}

/** The key alone goes to standard output, so that a script can keep it. */
function show(key: string, terms: KeyTerms, { json }: KeysFlags, terminal: Terminal): void {
  if (json === true) {
    terminal.out(jsonText({ key, ...termsData(terms) }));
    return;
  }
  terminal.out(`${key}\n`);
  terminal.note(`this key of ${terms.name} is shown once; send it as Authorization: Bearer KEY\n`);
}

function isValid({ left }: KnownKey): boolean {
  return left === undefined || left > 0;
}

function noKey(name: string, known: readonly KnownKey[]): Error {
  const names = [...new Set(known.filter(isValid).map((key) => key.name))];
  return fault(`there is no key ${name}${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`);
}

function termsData({ name, scopes, entities, rate }: KeyTerms) {
  return { name, scopes, entities: entities ?? null, rate: rate === undefined ? null : rateText(rate) };
}

function keyData(key: KnownKey) {
  return { ...termsData(key), created_at: moment(key.createdAt), ends_at: endOf(key) ?? null };
}

function moment(at: number): string {
  return new Date(at).toISOString();
}

function endOf({ left }: KnownKey): string | undefined {
  return left === undefined ? undefined : moment(Date.now() + left);
}

function listText(keys: readonly KnownKey[]): string {
  return tableText(
    ['NAME', 'SCOPES', 'ENTITIES', 'RATE', 'CREATED AT', 'ENDS AT'],
    keys.map((key) => [
      key.name,
      key.scopes.join(','),
      key.entities?.join(',') ?? 'all',
      key.rate === undefined ? '' : rateText(key.rate),
      moment(key.createdAt),
      endOf(key) ?? '',
    ]),
  );
}
