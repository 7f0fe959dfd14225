import { addedFunctions } from '../jsonata-functions.ts';
import { knownFunctions } from './known-functions.ts';

interface Known {
  /** Variables that some state in scope assigns. */
  readonly variables: ReadonlySet<string>;
  /** Members of `$states` that exist where the expression stands; `context.Task` for a task token. */
  readonly members: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;

/** Parts of a node that are evaluated with a value of a path as their context, where bare names are right. */
const contextualParts: readonly string[] = [
  'stages',
  'predicate',
  'group',
  'terms',
  'pattern',
  'update',
  'delete',
];

/** What is wrong with a parsed expression, in sentences. */
export function expressionProblems(ast: unknown, known: Known): string[] {
  const locals = new Set(localNames(ast));
  const problems: string[] = [];
  visit(ast, false);
  return problems;

  function visit(value: unknown, hasContext: boolean): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, hasContext);
    } else if (isNode(value)) {
      if (value.type === 'variable') checkVariable(String(value.value), hasContext);
      if (value.type === 'path') visitPath(value, hasContext);
      else visitParts(value, hasContext);
    }
  }

  function visitParts(node: Node, hasContext: boolean): void {
    for (const [part, value] of Object.entries(node)) {
      visit(value, hasContext || contextualParts.includes(part));
    }
  }

  function visitPath(path: Node, hasContext: boolean): void {
    const steps: unknown[] = Array.isArray(path.steps) ? path.steps : [];
    const [first, ...others] = steps;
    if (isNode(first) && first.type === 'name' && !hasContext) {
      problems.push(`'${String(first.value)}' stands alone; values come from $states.input or a variable.`);
    }
    checkStatesMember(steps);
    visit(first, hasContext);
    visit(others, true);
    visitParts({ ...path, steps: [] }, hasContext);
  }

  function checkVariable(name: string, hasContext: boolean): void {
    if (name === '$' || (name === '' && !hasContext)) {
      problems.push(`'$${name}' has no value in a state machine; use $states.input.`);
    } else if (name !== '' && name !== 'states' && !isKnown(name)) {
      problems.push(`'$${name}' is neither a function nor a variable that a state in scope assigns.`);
    }
  }

  function isKnown(name: string): boolean {
    return (
      locals.has(name) ||
      known.variables.has(name) ||
      knownFunctions.has(name) ||
      Object.hasOwn(addedFunctions, name)
    );
  }

  function checkStatesMember(steps: readonly unknown[]): void {
    const [variable, member, inner] = steps.map((step) => (isNode(step) ? step : {}));
    if (variable?.type !== 'variable' || variable.value !== 'states' || member?.type !== 'name') return;
    if (!known.members.includes(String(member.value))) {
      problems.push(`'$states.${String(member.value)}' does not exist in this field.`);
    }
    if (member.value === 'context' && inner?.value === 'Task' && !known.members.includes('context.Task')) {
      problems.push('A task token exists only in the Arguments of a .waitForTaskToken task.');
    }
  }
}

/** Names that the expression binds itself: by `:=`, as a parameter, or by the operators `@` and `#`. */
function localNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(localNames);
  if (!isNode(value)) return [];
  const own = [
    ...(value.type === 'bind' && isNode(value.lhs) ? [String(value.lhs.value)] : []),
    ...(value.type === 'lambda' && Array.isArray(value.arguments)
      ? value.arguments.filter(isNode).map((parameter) => String(parameter.value))
      : []),
    ...(typeof value.focus === 'string' ? [value.focus] : []),
    ...(typeof value.index === 'string' ? [value.index] : []),
    ...(value.type === 'index' ? [String(value.value)] : []),
  ];
  return [...own, ...Object.values(value).flatMap(localNames)];
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
