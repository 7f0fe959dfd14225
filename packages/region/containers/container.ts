import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { guardGroup } from './guard-group.ts';
import type { Image } from './image.ts';

export interface ContainerOptions {
  readonly image: Image;
  readonly verb: 'train' | 'serve';
  /** What stands for `/opt/ml`; the working directory. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** File that takes what the container prints, appended. */
  readonly logFile: string;
  /** Told every line that the container prints. */
  readonly onLine?: (line: string) => void;
}

/** Of the region's own environment, what a program needs to run at all. No credentials among them. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG'];

/** The exit code of a container whose entry point is missing. */
const COMMAND_NOT_FOUND = 127;

/** Process groups to end when this process does, however it does. */
const running = new Set<Container>();
process.on('exit', () => {
  for (const container of running) container.kill();
});

/**
 * A process in the place of a container: its own process group, so that stopping it stops what it started, and an
 * environment of its own. `SAGEMAKER_BASE_DIR` names what stands for `/opt/ml`, as SageMaker's own toolkits read it.
 */
export class Container {
  readonly #process: ChildProcess;
  /** Resolves with the exit code when the process has ended and all it printed is in the log; 128 and more: by a signal. */
  readonly exited: Promise<number>;

  constructor({ image, verb, directory, environment, logFile, onLine }: ContainerOptions) {
    this.#process = spawn(image.command, [...image.arguments, verb], {
      cwd: directory,
      env: { ...inheritedEnvironment(), SAGEMAKER_BASE_DIR: directory, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(this);
    const { pid } = this.#process;
    const release = pid === undefined ? () => undefined : guardGroup(pid);
    // As with a container, what the main process started ends with it.
    this.#process.once('exit', () => {
      this.kill();
      release();
    });
    this.exited = this.#watch(logFile, onLine);
  }

  /** Asks to end, then insists after a grace period: SIGTERM, SIGKILL. */
  async stop(graceSeconds: number): Promise<number> {
    this.#signal('SIGTERM');
    const timer = new AbortController();
    const patience = delay(graceSeconds * 1000, undefined, { signal: timer.signal }).then(
      () => this.kill(),
      () => undefined,
    );
    const exitCode = await this.exited;
    timer.abort();
    await patience;
    return exitCode;
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined || !running.has(this)) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  async #watch(logFile: string, onLine: ContainerOptions['onLine']): Promise<number> {
    const output = new PassThrough();
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    // A log that cannot be written, on a full disk, does not end what it is of.
    const logOver = new Promise<void>((resolve) => log.once('error', () => resolve()).once('close', resolve));
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      log.write(`${line}\n`);
      onLine?.(line);
    });
    this.#process.stdout?.pipe(output, { end: false });
    this.#process.stderr?.pipe(output, { end: false });
    const exitCode = await this.#ended(output);
    running.delete(this);
    output.end();
    await new Promise((resolve) => lines.once('close', resolve));
    log.end();
    await logOver;
    return exitCode;
  }

  #ended(output: PassThrough): Promise<number> {
    return new Promise((resolve) => {
      this.#process.once('close', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
      this.#process.once('error', (error) => {
        output.write(`${error.message}\n`);
        resolve(COMMAND_NOT_FOUND);
      });
    });
  }
}

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}
