import { functions } from '../../functions/registry.ts';
import { children, walk, type Callable, type Expression } from '../expression.ts';

/**
 * Whether an expression has the same value, or the same failure, for every message: of rows it reads only fields that are known, and
 * nothing of `meta`. One that says `fail` or `skip` is none, because there the failure is meant.
 */
export function constants(
  isKnown: (slot: number, index: number) => boolean = () => false,
): (node: Expression) => boolean {
  const known = new Map<Expression, boolean>();
  const closed = new Map<Callable, boolean>();

  const isConstant = (node: Expression): boolean => {
    // Mostly a field of a row is read: there is nothing to remember of that.
    if (node.kind === 'slot') return false;
    if (node.kind === 'field')
      return node.target.kind === 'slot' ? isKnown(node.target.slot, node.index) : isConstant(node.target);
    const found = known.get(node);
    if (found !== undefined) return found;
    const made = children(node).every(isConstant) && isConstantItself(node);
    known.set(node, made);
    return made;
  };

  const isConstantItself = (node: Expression): boolean => {
    if (node.kind === 'invoke') return isClosed(node.called);
    return node.kind !== 'slot' && isPlain(node);
  };

  /** Whether the body of a function depends on its arguments alone. */
  const isClosed = (called: Callable): boolean => {
    const found = closed.get(called);
    if (found !== undefined) return found;
    let made = true;
    walk(called.body, (node) => {
      if (!made) return;
      if (node.kind === 'invoke') made = isClosed(node.called);
      else if (node.kind === 'slot') made = node.slot < called.parameters.length;
      else made = isPlain(node);
    });
    closed.set(called, made);
    return made;
  };

  return isConstant;
}

function isPlain(node: Expression): boolean {
  switch (node.kind) {
    case 'fail':
    case 'skip':
    case 'table':
    case 'unknown':
      return false;
    case 'call': {
      const definition = functions.get(node.callee);
      return definition !== undefined && definition.given === undefined && definition.repeatable !== false;
    }
    default:
      return true;
  }
}
