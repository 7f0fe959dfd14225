import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { readStateFile, writeStateFile } from '../store/state-file.ts';

const recordSchema = z.object({
  type: z.string(),
  physicalId: z.string(),
  /** Kept when the template no longer has it. */
  retain: z.boolean(),
  /** Digest of its properties; none while they are being changed. */
  properties: z.string().nullable(),
  /** Digest of what its service had of it after that; none for what is in memory only. */
  made: z.string().nullable(),
});

const journalSchema = z.object({
  /** By stack, then by logical id. */
  stacks: z.record(z.string(), z.record(z.string(), recordSchema)),
  /** How often each stack has been created: once, and again after each time that it was deleted. */
  creations: z.record(z.string(), z.int()),
});
type Journal = z.infer<typeof journalSchema>;

/** A resource as the last deployment left it. */
export type JournalRecord = z.infer<typeof recordSchema>;

/** Which resources each stack has made, so that a later assembly without one of them takes it away. */
export class DeploymentJournal {
  readonly #file: string;
  readonly #journal: Journal;

  private constructor(file: string, journal: Journal) {
    this.#file = file;
    this.#journal = journal;
  }

  static open(stateDirectory: string): DeploymentJournal {
    const file = join(stateDirectory, 'cloudformation', 'stacks.json');
    return new DeploymentJournal(file, readStateFile(file, journalSchema) ?? { stacks: {}, creations: {} });
  }

  /** By stack, then by logical id. */
  get stacks(): Readonly<Record<string, Readonly<Record<string, JournalRecord>>>> {
    return this.#journal.stacks;
  }

  /** Which creation of the stack this is, from 1. Names that CloudFormation makes differ from one to the next. */
  creationOf(stackName: string): number {
    const { stacks, creations } = this.#journal;
    if (!Object.hasOwn(stacks, stackName)) {
      creations[stackName] = (creations[stackName] ?? 0) + 1;
      stacks[stackName] = {};
      this.#save();
    }
    return creations[stackName] ?? 1;
  }

  /** The stack is deleted: when it is deployed again, it is created. */
  removeStack(stackName: string): void {
    delete this.#journal.stacks[stackName];
    this.#save();
  }

  /** Names are the same at every start, so one that was made and not recorded is met again, not made twice. */
  add(stackName: string, logicalId: string, record: JournalRecord): void {
    const { stacks } = this.#journal;
    if (isDeepStrictEqual(stacks[stackName]?.[logicalId], record)) return;
    stacks[stackName] = { ...stacks[stackName], [logicalId]: record };
    this.#save();
  }

  remove(stackName: string, logicalId: string): void {
    const { stacks } = this.#journal;
    const { [logicalId]: _, ...others } = stacks[stackName] ?? {};
    stacks[stackName] = others;
    this.#save();
  }

  #save(): void {
    writeStateFile(this.#file, `${JSON.stringify(this.#journal, undefined, 2)}\n`);
  }
}
