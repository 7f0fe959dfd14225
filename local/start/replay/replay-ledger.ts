import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type ReplayedWindow, replayedWindowSchema } from './replayed-window.schema.ts';

const ledgerSchema = z.array(replayedWindowSchema);

/** Remembers over restarts which windows were replayed, so that none is asked about twice. */
export class ReplayLedger {
  readonly #file: string;
  #windows: readonly ReplayedWindow[];

  constructor(file: string) {
    this.#file = file;
    this.#windows = existsSync(file) ? ledgerSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  }

  /** In the order in which they were judged. */
  get windows(): readonly ReplayedWindow[] {
    return this.#windows;
  }

  has(name: string): boolean {
    return this.#windows.some((window) => window.name === name);
  }

  add(window: ReplayedWindow): void {
    this.#windows = [...this.#windows, window];
    // A crash leaves the old ledger or the new one.
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#windows, undefined, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
