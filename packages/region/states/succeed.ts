import { siteOf } from './bindings.ts';
import type { Exit, Visit } from './execution-run.ts';
import { leave } from './leave.ts';
import type { SucceedState } from './machine-definition.schema.ts';

export const runSucceed = (state: SucceedState, visit: Visit): Promise<Exit> =>
  leave(state, visit, siteOf(visit), visit.input, null);
