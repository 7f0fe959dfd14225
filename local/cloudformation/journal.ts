import { join } from 'node:path';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../store/state-file.ts';

const recordSchema = z.object({
  type: z.string(),
  physicalId: z.string(),
  /** Kept when the template no longer has it. */
  retain: z.boolean(),
});

const journalSchema = z.record(z.string(), z.record(z.string(), recordSchema));

/** A resource as the last deployment left it. */
export type JournalRecord = z.infer<typeof recordSchema>;

/** Which resources each stack has made, so that a later assembly without one of them takes it away. */
export class DeploymentJournal {
  readonly #file: string;
  readonly #stacks: z.infer<typeof journalSchema>;

  private constructor(file: string, stacks: z.infer<typeof journalSchema>) {
    this.#file = file;
    this.#stacks = stacks;
  }

  static open(stateDirectory: string): DeploymentJournal {
    const file = join(stateDirectory, 'cloudformation', 'stacks.json');
    return new DeploymentJournal(file, readStateFile(file, journalSchema) ?? {});
  }

  /** By stack, then by logical id. */
  get stacks(): Readonly<Record<string, Readonly<Record<string, JournalRecord>>>> {
    return this.#stacks;
  }

  /** Names are the same at every start, so one that was made and not recorded is met again, not made twice. */
  add(stackName: string, logicalId: string, record: JournalRecord): void {
    this.#stacks[stackName] = { ...this.#stacks[stackName], [logicalId]: record };
    this.#save();
  }

  remove(stackName: string, logicalId: string): void {
    const { [logicalId]: _, ...others } = this.#stacks[stackName] ?? {};
    this.#stacks[stackName] = others;
    this.#save();
  }

  #save(): void {
    writeStateFile(this.#file, `${JSON.stringify(this.#stacks, undefined, 2)}\n`);
  }
}
