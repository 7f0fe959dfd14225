import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readStateFile, writeStateFile } from '../../store/state-file.ts';
import { type ExecutionRecord, executionRecordSchema } from './execution-record.schema.ts';

type Place = Pick<ExecutionRecord, 'stateMachineName' | 'name'>;

/** Executions on disk: `<machine>/<execution>/execution.json`, and beside it the journal. */
export class ExecutionStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'executions');
    mkdirSync(this.#directory, { recursive: true });
  }

  readAll(): ExecutionRecord[] {
    return readdirSync(this.#directory).flatMap((machine) =>
      readdirSync(join(this.#directory, machine))
        .map((name) =>
          readStateFile(join(this.#directory, machine, name, 'execution.json'), executionRecordSchema),
        )
        // A crash may have left a directory without a record: that execution was never answered as started.
        .filter((record) => record !== undefined),
    );
  }

  /** Replaces the record as a whole, so that a crash leaves the old or the new one. */
  write(record: ExecutionRecord): void {
    writeStateFile(join(this.#place(record), 'execution.json'), JSON.stringify(record));
  }

  journalFile(place: Place): string {
    return join(this.#place(place), 'journal.jsonl');
  }

  #place({ stateMachineName, name }: Place): string {
    return join(this.#directory, encodeURIComponent(stateMachineName), encodeURIComponent(name));
  }
}
