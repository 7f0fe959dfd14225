import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps what functions print: one file per function, a line per line, in the order in which it was printed. */
export class FunctionLogs {
  readonly #directory: string;
  readonly #onLine: ((functionName: string, line: string) => void) | undefined;

  constructor(directory: string, onLine?: (functionName: string, line: string) => void) {
    this.#directory = join(directory, 'logs');
    this.#onLine = onLine;
    mkdirSync(this.#directory, { recursive: true });
  }

  write(functionName: string, line: string): void {
    appendFileSync(this.file(functionName), `${new Date().toISOString()} ${line}\n`);
    this.#onLine?.(functionName, line);
  }

  file(functionName: string): string {
    return join(this.#directory, `${functionName}.log`);
  }
}
