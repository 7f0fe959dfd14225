import { splitOnce } from './intrinsics/get-att.ts';
import { freeNames } from './intrinsics/sub.ts';
import { intrinsicCall } from './resolve.ts';
import type { TemplateResource } from './template.schema.ts';

/**
 * The names that a value refers to, in any branch: parameters, pseudo parameters and logical ids alike.
 * @throws ValueError when a function's argument has no shape to read them from.
 */
export function referencedNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const call = intrinsicCall(value);
  return [...(call ? namesOf(call) : []), ...Object.values(value).flatMap(referencedNames)];
}

function namesOf({ name, argument }: { name: string; argument: unknown }): string[] {
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt')
    return [Array.isArray(argument) ? String(argument[0]) : splitOnce(String(argument))[0]];
  if (name === 'Fn::Sub') {
    return freeNames(argument).map((free) => (free.includes('.') ? splitOnce(free)[0] : free));
  }
  return [];
}

/**
 * Logical ids, each after those that it refers to or names in `DependsOn`; otherwise as the template has them.
 * @throws CircularReferenceError
 */
export function creationOrder(resources: Readonly<Record<string, TemplateResource>>): string[] {
  const order = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (order.has(id)) return;
    if (path.includes(id)) throw new CircularReferenceError([...path.slice(path.indexOf(id)), id]);
    const resource = resources[id];
    if (!resource) return;
    for (const reference of [...resource.DependsOn, ...referencedNames(resource.Properties)]) {
      visit(reference, [...path, id]);
    }
    order.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return [...order];
}

export class CircularReferenceError extends Error {
  override readonly name = 'CircularReferenceError';

  constructor(readonly cycle: readonly string[]) {
    super(`resources refer to each other: ${cycle.join(' → ')}`);
  }
}
