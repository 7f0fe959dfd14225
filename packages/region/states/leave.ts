import type { Exit, Visit } from './execution-run.ts';
import type { Json } from './machine-definition.schema.ts';
import { withinAssignLimit, withinPayloadLimit } from './payload-limit.ts';
import { evaluateTemplate, type Site } from './template.ts';

interface Leaving {
  readonly Output?: Json;
  readonly Assign?: Readonly<Record<string, Json>>;
}

/**
 * Evaluates `Output` and `Assign`, both from the values at entry, and checks their sizes.
 * `otherwise` is the output of a state that has no `Output`.
 */
export async function leave(
  { Output, Assign }: Leaving,
  visit: Visit,
  site: Site,
  otherwise: Json,
  next: string | null,
): Promise<Exit> {
  const [output, assigned] = await Promise.all([
    Output === undefined ? otherwise : evaluateTemplate(Output, 'Output', site),
    assignments(Assign ?? {}, site),
  ]);
  withinAssignLimit(assigned, visit.frame.scope.bytesWithout(Object.keys(assigned)), visit.name);
  return { output: withinPayloadLimit(output, visit.name), assigned, next };
}

async function assignments(
  templates: Readonly<Record<string, Json>>,
  site: Site,
): Promise<Record<string, Json>> {
  const values = Object.entries(templates).map(
    async ([name, template]): Promise<[string, Json]> => [
      name,
      await evaluateTemplate(template, `Assign/${name}`, site),
    ],
  );
  return Object.fromEntries(await Promise.all(values));
}

/** Where a state with `Next` or `End` goes. */
export const nextOf = ({ Next }: { readonly Next?: string }): string | null => Next ?? null;
