/** One line of an order; amounts in cents. */
export interface OrderLine {
  readonly number: number;
  readonly sku: string;
  readonly cents: number;
}

export interface Order {
  readonly entity: 'Order';
  readonly key: number;
  readonly version: number;
  readonly note: string;
  readonly cents: number;
  readonly lines: readonly OrderLine[];
  /** Refused by a constraint that only the live table has. */
  readonly poison: boolean;
}

export interface Account {
  readonly entity: 'Account';
  readonly key: number;
  readonly name: string;
}

export interface Entry {
  readonly entity: 'Entry';
  readonly key: number;
  readonly account: number;
  readonly cents: number;
  /** Whether its account is ever sent. */
  readonly orphan: boolean;
}

/** One of many that are counted and added up by day. */
export interface Sale {
  readonly entity: 'Sale';
  readonly key: number;
  readonly day: number;
  readonly cents: number;
}

/** Sent under a key that is then used for another variant too. */
export interface Claim {
  readonly entity: 'Claim';
  readonly key: number;
  readonly variant: number;
}

/** A version of what is there, or of what is gone. */
export interface Stock {
  readonly entity: 'Stock';
  readonly key: number;
  readonly version: number;
  readonly cents: number;
  readonly gone: boolean;
}

/** The next of an account, numbered from 1; its sender waits until the one before it is accepted. */
export interface Movement {
  readonly entity: 'Movement';
  readonly key: number;
  readonly number: number;
}

/** Where it is a misfit, the second program does not take it any more. */
export interface Memo {
  readonly entity: 'Memo';
  readonly key: number;
  readonly isMisfit: boolean;
}

/** Only the second program knows it. */
export interface Extra {
  readonly entity: 'Extra';
  readonly key: number;
  readonly cents: number;
}

export type Content = Order | Account | Entry | Sale | Claim | Stock | Movement | Memo | Extra;

/** One request: a message, or a batch of them. */
export interface Send {
  /** The Idempotency-Key. */
  readonly key: string;
  /** Milliseconds after the start. */
  readonly due: number;
  readonly contents: readonly Content[];
  /** Sent once more under the same key this many milliseconds later. */
  readonly again: number | undefined;
  /** Another message under the same key, once this one is accepted, after as many milliseconds. */
  readonly other?: { readonly content: Content; readonly after: number };
}

/** The text that the live constraints refuse. */
export const POISON = 'poison';

/** The JSON of a message, with every digit that it declares. */
export function bodyOf(content: Content): string {
  switch (content.entity) {
    case 'Order': {
      const lines = content.lines.map(
        ({ number, sku, cents }) => `{"number":${number},"sku":"${sku}","amount":${decimal(cents)}}`,
      );
      return `{"order_key":${content.key},"version":${content.version},"note":"${content.note}","total":${decimal(content.cents)},"lines":[${lines.join(',')}]}`;
    }
    case 'Account':
      return `{"account_key":${content.key},"name":"${content.name}"}`;
    case 'Entry':
      return `{"entry_key":${content.key},"account_key":${content.account},"amount":${decimal(content.cents)}}`;
    case 'Sale':
      return `{"day":${content.day},"amount":${decimal(content.cents)}}`;
    case 'Claim':
      return `{"claim_key":${content.key},"variant":${content.variant}}`;
    case 'Movement':
      return `{"account":${content.key},"number":${content.number}}`;
    case 'Memo':
      // Without the text that one second program requires, and with a key that the other does not read.
      return content.isMisfit
        ? `{"memo_key":${content.key},"colour":"red"}`
        : `{"memo_key":${content.key},"text":"memo ${content.key}","tag":"tag ${content.key}"}`;
    case 'Extra':
      return `{"extra_key":${content.key},"amount":${decimal(content.cents)}}`;
    case 'Stock':
      return `{"stock_key":${content.key},"version":${content.version},"amount":${decimal(content.cents)},"gone":${content.gone}}`;
  }
}

/** Cents as a decimal with two digits after the point. */
export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
