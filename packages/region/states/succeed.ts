import { siteOf } from './bindings.ts';
import type { SucceedState } from './definition.schema.ts';
import { leave } from './leave.ts';
import type { Exit, Visit } from './run.ts';

export const runSucceed = (state: SucceedState, visit: Visit): Promise<Exit> =>
  leave(state, visit, siteOf(visit), visit.input, null);
