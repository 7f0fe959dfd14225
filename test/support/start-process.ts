import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { synthesisedAssembly } from './assembly.ts';

export interface StartResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start` as a process of its own, without npm. */
export class StartProcess {
  readonly #child: ChildProcess;
  readonly over: Promise<StartResult>;
  #stdout = '';
  #stderr = '';

  /** @param more modules that the process loads first, and what its environment has besides. */
  constructor(args: readonly string[], more: { imports?: readonly string[]; env?: NodeJS.ProcessEnv } = {}) {
    const { imports = [] } = more;
    const withTypes = ['tsx', ...imports].flatMap((name) => ['--import', name]);
    const start = imports.length > 0 ? [...withTypes, 'laptop/start.ts'] : ['laptop/launch.mjs'];
    this.#child = spawn(process.execPath, [...start, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...more.env },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.over = new Promise((resolve) => {
      this.#child.once('close', (exitCode) =>
        resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the text has been printed. @throws Error with everything printed when the process ends before. */
  async printed(text: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (this.#stdout.includes(text)) resolve();
      };
      this.#child.stdout?.on('data', look);
      look();
    });
    const early = this.over.then(({ stdout, stderr }) => {
      if (!stdout.includes(text)) throw new Error(`It ended without '${text}':\n${stdout}\n${stderr}`);
    });
    await Promise.race([seen, early]);
  }

  /** Resolves when so many lines have been printed, with the last of them; with nothing when the process ends before. */
  async line(number: number): Promise<string | undefined> {
    let look: () => void = () => undefined;
    const seen = new Promise<string>((resolve) => {
      look = () => {
        const lines = this.#stdout.split('\n').slice(0, -1);
        if (lines.length >= number) resolve(lines[number - 1] ?? '');
      };
      this.#child.stdout?.on('data', look);
      look();
    });
    const line = await Promise.race([seen, this.over.then(() => undefined)]);
    this.#child.stdout?.off('data', look);
    return line;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** Puts the assembly that tests share where a start looks for it, so that it need not synthesise. */
export async function provideAssembly(stateDirectory: string): Promise<void> {
  await mkdir(stateDirectory, { recursive: true });
  await cp(await synthesisedAssembly(), join(stateDirectory, 'assembly'), { recursive: true });
}
