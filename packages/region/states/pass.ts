import { siteOf } from './bindings.ts';
import type { Exit, Visit } from './execution-run.ts';
import { leave, nextOf } from './leave.ts';
import type { PassState } from './machine-definition.schema.ts';

export const runPass = (state: PassState, visit: Visit): Promise<Exit> =>
  leave(state, visit, siteOf(visit), visit.input, nextOf(state));
