import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { isMachineName, machines } from '../test/faults/machines.ts';
import { synthesisedAssembly } from '../test/support/assembly.ts';
import ownTemporaryFolder from '../test/support/temporary-folder.ts';

/**
 * Makes every AWS call of every way through every state machine fail, before and after its effect: `npm run bench:faults`. It prints how many
 * calls and faults there were, and each end that differs from the one without a fault and is not in the way's table of those meant to.
 *
 *   npm run bench:faults -- --machines deploy,ingest
 *   npm run bench:faults -- --machines train --share 0.1 --seed 7   # a tenth, at random
 *
 * Ends with 1 when an end differs.
 */
const { values } = parseArgs({
  options: {
    machines: { type: 'string', default: machines.join() },
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '4' },
  },
});
const chosen = values.machines.split(',').map((name) => {
  if (!isMachineName(name)) throw new Error(`There is no machine ${name}, only ${machines.join(', ')}.`);
  return name;
});
const removeTemporaryFolder = ownTemporaryFolder();
try {
  await synthesisedAssembly();
  if (values.share !== '1') console.log(`Seed ${values.seed}.`);
  for (const machine of chosen) if (!(await isAsMeant(machine))) process.exitCode = 1;
} finally {
  removeTemporaryFolder();
}

/** Handlers read their environment when they are imported, so each machine has a process of its own. */
async function isAsMeant(machine: string): Promise<boolean> {
  const { share, seed, 'at-once': atOnce } = values;
  const args = ['--import', 'tsx', 'bench/faults/machine.ts', machine, share, seed, atOnce];
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  // What handlers log is of no interest here.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
  child.on('message', (line) => console.log(line));
  const [code] = await once(child, 'close');
  return code === 0;
}
