import { checkExpressions } from './validation/expressions.ts';
import { parseDefinition } from './validation/fields.ts';
import type { Finding } from './validation/finding.ts';
import { checkHouseRules } from './validation/house.ts';
import { checkStructure } from './validation/structure.ts';
import { checkVariables } from './validation/variables.ts';

export type { Finding } from './validation/finding.ts';

/**
 * Everything that is wrong with a state machine's definition (the parsed JSON), by the States language, by what the
 * local region supports, and by this repository's rules. An empty list means none. Where a field is malformed, only
 * the malformed fields are reported: the other checks need the whole.
 */
export function validateStateMachine(definition: unknown): Finding[] {
  const parsed = parseDefinition(definition);
  if ('findings' in parsed) return parsed.findings;
  return [
    ...checkStructure(parsed.definition),
    ...checkVariables(parsed.definition),
    ...checkExpressions(parsed.definition),
    ...checkHouseRules(parsed.definition),
  ];
}

/** The findings because of which a machine cannot be created: all but this repository's own rules. */
export const obstacles = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ kind }) => kind !== 'house');
