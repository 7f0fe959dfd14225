import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../containers/free-port.ts';

export interface Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** How long a server may take to listen. */
const patienceMilliseconds = 60_000;

/**
 * Starts a program that serves HTTP on a port of this machine, and waits until it answers.
 * @throws Error with the end of what the program wrote, if it ends or does not listen within a minute
 */
export async function startServer(
  program: string,
  argumentsFor: (port: string) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const port = String(await freePort());
  const child = spawn(program, argumentsFor(port), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let written = '';
  child.stderr.on('data', (chunk) => {
    written = `${written}${chunk}`.slice(-2000);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + patienceMilliseconds;
  while (!(await listens(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new Error(`${program} does not listen on ${endpoint}. It wrote:\n${written}`);
    }
    await setTimeout(200);
  }
  return {
    endpoint,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'close');
    },
  };
}

async function listens(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false;
  }
}
