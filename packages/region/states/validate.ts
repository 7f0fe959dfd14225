import type { MachineDefinition } from './machine-definition.schema.ts';
import { checkExpressions } from './validation/expressions.ts';
import type { Finding } from './validation/finding.ts';
import { parseMachineDefinition } from './validation/machine-fields.ts';
import { checkStructure } from './validation/structure.ts';
import { checkVariables } from './validation/variables.ts';

export type { Finding } from './validation/finding.ts';

/** A caller's own rules for definitions that are sound otherwise. Its findings are advice. */
export type FurtherCheck = (definition: MachineDefinition) => Finding[];

/**
 * Everything that is wrong with a state machine's definition (the parsed JSON), by the States language, by what the
 * local region supports, and by the caller's further checks. An empty list means none. Where a field is malformed, only
 * the malformed fields are reported: the other checks need the whole.
 */
export function validateStateMachine(
  definition: unknown,
  furtherChecks: readonly FurtherCheck[] = [],
): Finding[] {
  const parsed = parseMachineDefinition(definition);
  if ('findings' in parsed) return parsed.findings;
  return [
    ...checkStructure(parsed.definition),
    ...checkVariables(parsed.definition),
    ...checkExpressions(parsed.definition),
    ...furtherChecks.flatMap((check) => check(parsed.definition)),
  ];
}

/** The findings because of which a machine cannot be created: all but advice. */
export const obstacles = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ kind }) => kind !== 'advice');
