import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { isStateChanging, operationOf } from './state-changing-calls.ts';

/**
 * Loaded into a start with `--import`: counts the calls to the local region that change state, and ends this process by SIGKILL when one of
 * them has been answered, or some time later.
 */
const { KILL_AT_CALL, KILL_DELAY_MS, KILL_REPORT } = z
  .object({
    /** After which call; 0: when the process begins; none: all are counted, and the start ends by itself. */
    KILL_AT_CALL: z.coerce.number().int().nonnegative().optional(),
    KILL_DELAY_MS: z.coerce.number().nonnegative().default(0),
    /** The file that gets the calls, a line each. */
    KILL_REPORT: z.string(),
  })
  .parse(process.env);

const calls: string[] = [];
const report = () => writeFileSync(KILL_REPORT, calls.map((call) => `${call}\n`).join(''));
process.once('exit', report);

function kill(): void {
  report();
  process.kill(process.pid, 'SIGKILL');
}

function killIfItsTurn(): void {
  if (calls.length !== KILL_AT_CALL) return;
  if (KILL_DELAY_MS === 0) kill();
  else setTimeout(kill, KILL_DELAY_MS);
}

killIfItsTurn();
subscribe('http.server.response.finish', (message) => {
  const { request } = message as { readonly request: IncomingMessage };
  const operation = operationOf(request);
  if (operation === undefined || !isStateChanging(operation)) return;
  calls.push(operation);
  killIfItsTurn();
});
