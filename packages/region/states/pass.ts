import { siteOf } from './bindings.ts';
import type { PassState } from './definition.schema.ts';
import { leave, nextOf } from './leave.ts';
import type { Exit, Visit } from './run.ts';

export const runPass = (state: PassState, visit: Visit): Promise<Exit> =>
  leave(state, visit, siteOf(visit), visit.input, nextOf(state));
