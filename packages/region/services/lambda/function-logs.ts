import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { diskTrouble } from '../../store/disk-trouble.ts';

/** Keeps what functions print: one file per function, a line per line, in the order in which it was printed. */
export class FunctionLogs {
  readonly #directory: string;
  readonly #onLine: ((functionName: string, line: string) => void) | undefined;

  constructor(directory: string, onLine?: (functionName: string, line: string) => void) {
    this.#directory = join(directory, 'logs');
    this.#onLine = onLine;
    mkdirSync(this.#directory, { recursive: true });
  }

  /** Without room for it, a line is not kept: what the function does is worth more than what it says. */
  write(functionName: string, line: string): void {
    try {
      appendFileSync(this.file(functionName), `${new Date().toISOString()} ${line}\n`);
    } catch (error) {
      if (diskTrouble(error) === undefined) throw error;
    }
    this.#onLine?.(functionName, line);
  }

  file(functionName: string): string {
    return join(this.#directory, `${functionName}.log`);
  }
}
