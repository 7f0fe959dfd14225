import { readStateFile, writeStateFile } from '@tidemark/region/host';
import * as z from 'zod';
import { type ReplayedWindow, replayedWindowSchema } from './replayed-window.schema.ts';

const ledgerSchema = z.object({
  /** The window whose predictions have all been asked for and captured, and that has not been judged; `null`: none. */
  asked: z.string().nullable(),
  windows: z.array(replayedWindowSchema),
});
type Ledger = z.infer<typeof ledgerSchema>;

/** Remembers over restarts which windows were replayed, so that none is asked about twice. */
export class ReplayLedger {
  readonly #file: string;
  #ledger: Ledger;

  constructor(file: string) {
    this.#file = file;
    this.#ledger = readStateFile(file, ledgerSchema) ?? { asked: null, windows: [] };
  }

  /** In the order in which they were judged. */
  get windows(): readonly ReplayedWindow[] {
    return this.#ledger.windows;
  }

  has(name: string): boolean {
    return this.windows.some((window) => window.name === name);
  }

  isAsked(name: string): boolean {
    return this.#ledger.asked === name;
  }

  asked(name: string): void {
    this.#write({ ...this.#ledger, asked: name });
  }

  judged(window: ReplayedWindow): void {
    this.#write({ asked: null, windows: [...this.windows, window] });
  }

  /** A crash leaves the old ledger or the new one. */
  #write(ledger: Ledger): void {
    writeStateFile(this.#file, `${JSON.stringify(ledger, undefined, 2)}\n`);
    this.#ledger = ledger;
  }
}
