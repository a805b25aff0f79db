/** An array literal of values that need no quotes: numbers and UUIDs. */
export function bareArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

/** An array literal of any strings. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
