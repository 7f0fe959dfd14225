import type { Question } from './evaluate.ts';
import type { Statement } from './statement.ts';

/**
 * A sentence on the Allow statement that came nearest to a request which nothing allows: all but a condition, all but the
 * resource, or another action of the service on the resource. `undefined` when none comes near.
 */
export function nearest(statements: readonly Statement[], question: Question): string | undefined {
  const { action, resource, context } = question;
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  const ofAction = allows.filter((statement) => statement.coversAction(action));
  const conditional = ofAction.find((statement) => statement.coversResource(resource));
  if (conditional) {
    const broken = conditional.conditions.find((condition) => !condition.holds(context));
    const found = broken && context[broken.key];
    const brought = found === undefined ? 'none' : `'${[found].flat().join(', ')}'`;
    return `${conditional.title} allows it if ${broken?.text}; the call brings ${brought}`;
  }
  const elsewhere = ofAction[0];
  if (elsewhere) return `${elsewhere.title} allows it on ${resourcesOf(elsewhere)}`;
  const service = action.slice(0, action.indexOf(':') + 1);
  const other = allows.find(
    (statement) =>
      statement.coversResource(resource) &&
      statement.document.Action?.some((allowed) => allowed.toLowerCase().startsWith(service)),
  );
  return other && `${other.title} allows ${other.document.Action?.join(', ')} there`;
}

function resourcesOf({ document: { Resource, NotResource = [] } }: Statement): string {
  return Resource?.join(', ') ?? `all but ${NotResource.join(', ')}`;
}
