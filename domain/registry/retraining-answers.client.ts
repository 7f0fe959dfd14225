import { keys } from './keys.ts';
import {
  type Episode,
  retrainingRecordSchema,
  runRecordSchema,
  versionRecordSchema,
} from './records.schema.ts';
import { isAnswer } from './retraining-answers.ts';
import type { RegistryTable } from './table.client.ts';

/** Whether what was begun for episodes still answers them. */
export class Answers {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  /** @param episode one that is on, or none: nothing answers that */
  async isAnswered(model: string, episode: Pick<Episode, 'retrainingId'> | null): Promise<boolean> {
    const id = episode?.retrainingId ?? null;
    if (id === null) return false;
    const retraining = await this.#table.get(keys.retraining(model, id), retrainingRecordSchema);
    if (!retraining) return false;
    const { runId } = retraining;
    const run = runId === null ? undefined : await this.#table.get(keys.run(model, runId), runRecordSchema);
    const number = run?.version ?? null;
    const version =
      number === null ? undefined : await this.#table.get(keys.version(model, number), versionRecordSchema);
    return isAnswer({ retraining, run, version });
  }
}
