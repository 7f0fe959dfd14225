import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
        .map((name) => join(this.#directory, machine, name, 'execution.json'))
        // A crash may have left a directory without a record: that execution was never answered as started.
        .filter((file) => existsSync(file))
        .map((file) => executionRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')))),
    );
  }

  /** Replaces the record as a whole, so that a crash leaves the old or the new one. */
  write(record: ExecutionRecord): void {
    const directory = this.#place(record);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'execution.json');
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
  }

  journalFile(place: Place): string {
    return join(this.#place(place), 'journal.jsonl');
  }

  #place({ stateMachineName, name }: Place): string {
    return join(this.#directory, encodeURIComponent(stateMachineName), encodeURIComponent(name));
  }
}
