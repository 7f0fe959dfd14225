import type { Visit } from './execution-run.ts';
import type { Json, MapState } from './machine-definition.schema.ts';
import { evaluateArray, queryError, type Site } from './template.ts';

/**
 * What a map without a reader maps over: its `Items`, or its input, which is data: no text of it is an expression.
 * @throws QueryEvaluationError in AWS's words (LocalStack 8b9a79f, test_map_state_items_input_types)
 */
export async function itemsOf(state: MapState, visit: Visit, site: Site): Promise<Json[]> {
  if (state.Items !== undefined) return evaluateArray(state.Items, 'Items', site);
  if (Array.isArray(visit.input)) return visit.input;
  const found = JSON.stringify(visit.input);
  throw queryError(site, undefined, `Map state input must be an array but was: ${found}`);
}
