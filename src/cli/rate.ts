import type { Rate } from '../ports/sender.ts';

const PERIODS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** What a rate is written like, for errors. */
export const RATE_FORM = 'expected a number of messages in a second, minute or hour, such as 100/s';

/** `100/s`, `6000/m` or `50000/h`; undefined for anything else. */
export function rateOf(text: string): Rate | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,8})\/([smh])$/.exec(text) ?? [];
  const per = PERIODS[unit];
  return per === undefined ? undefined : { messages: Number(count), per };
}

export function rateText({ messages, per }: Rate): string {
  const unit = Object.keys(PERIODS).find((each) => PERIODS[each] === per);
  return `${messages}/${unit ?? `${per}ms`}`;
}
