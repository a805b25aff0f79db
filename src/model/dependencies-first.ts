/**
 * What a name needs, each after what it needs itself, and the name last. Without recursion, as chains of thousands are
 * made by programs that write programs. What a circle of needs has is given to `onCircle`, in its order; one of the needs
 * in it is not met then.
 */
export function dependenciesFirst<T>(
  start: T,
  needs: (name: T) => readonly T[] | undefined,
  onCircle: (circle: readonly T[]) => void = () => {},
): readonly T[] {
  const first = needs(start);
  // Most names need nothing.
  if (first === undefined || first.length === 0) return [start];
  const order: T[] = [];
  const path = [{ name: start, left: first.toReversed() }];
  const state = new Map<T, 'open' | 'done'>([[start, 'open']]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.left.pop();
    if (next === undefined) {
      order.push(top.name);
      state.set(top.name, 'done');
      path.pop();
      continue;
    }
    const known = state.get(next);
    if (known === 'open') {
      const names = path.map(({ name }) => name);
      onCircle(names.slice(names.indexOf(next)));
    }
    const more = known === undefined ? needs(next) : undefined;
    if (more === undefined) continue;
    state.set(next, 'open');
    path.push({ name: next, left: more.toReversed() });
  }
  return order;
}
