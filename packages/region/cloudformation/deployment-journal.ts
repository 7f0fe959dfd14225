import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { readStateFile, readStateLines, writeStateFile } from '../store/state-file.ts';

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

const linksSchema = z.object({ exports: z.array(z.string()), imports: z.array(z.string()) });
/** Names of the exports that a stack has, and of those that it uses. */
export type StackLinks = z.infer<typeof linksSchema>;

const journalSchema = z.object({
  /** By stack, then by logical id. */
  stacks: z.record(z.string(), z.record(z.string(), recordSchema)),
  /** How often each stack has been created: once, and again after each time that it was deleted. */
  creations: z.record(z.string(), z.int()),
  /** What each stack exports and imports, by its name. */
  links: z.record(z.string(), linksSchema).default({}),
});
type Journal = z.infer<typeof journalSchema>;

/** What becomes of a stack, or of one of its resources. The same change, made twice, is made once. */
const changeSchema = z.union([
  z.object({ stack: z.string(), id: z.string(), record: recordSchema.nullable() }),
  z.object({ stack: z.string(), creation: z.int() }),
  z.object({ stack: z.string(), links: linksSchema }),
  z.object({ stack: z.string(), deleted: z.literal(true) }),
]);
type Change = z.infer<typeof changeSchema>;

/** A resource as the last deployment left it. */
export type JournalRecord = z.infer<typeof recordSchema>;

/**
 * Which resources each stack has made, so that a later assembly without one of them takes it away. A deployment makes hundreds, so each is
 * written down as a line; when the deployment is over, or at the next start, they become one file.
 */
export class DeploymentJournal {
  readonly #file: string;
  readonly #changesFile: string;
  readonly #journal: Journal;
  #isSettled = true;

  private constructor(file: string, changesFile: string, journal: Journal) {
    this.#file = file;
    this.#changesFile = changesFile;
    this.#journal = journal;
  }

  /** @throws CorruptStateError when what is there is no journal */
  static open(stateDirectory: string): DeploymentJournal {
    const directory = join(stateDirectory, 'cloudformation');
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'stacks.json');
    const changesFile = join(directory, 'changes.jsonl');
    const journal = readStateFile(file, journalSchema) ?? { stacks: {}, creations: {}, links: {} };
    const changes = readStateLines(changesFile, changeSchema);
    for (const change of changes) apply(change, journal);
    const opened = new DeploymentJournal(file, changesFile, journal);
    opened.#isSettled = !existsSync(changesFile);
    opened.settle();
    return opened;
  }

  /** Nothing more is deployed for now. */
  settle(): void {
    if (this.#isSettled) return;
    writeStateFile(this.#file, `${JSON.stringify(this.#journal, undefined, 2)}\n`);
    // Who is killed here finds changes that are in the file already: made twice, they are made once.
    rmSync(this.#changesFile, { force: true });
    this.#isSettled = true;
  }

  /** By stack, then by logical id. */
  get stacks(): Readonly<Record<string, Readonly<Record<string, JournalRecord>>>> {
    return this.#journal.stacks;
  }

  /** Which creation of the stack this is, from 1. Names that CloudFormation makes differ from one to the next. */
  creationOf(stackName: string): number {
    const { stacks, creations } = this.#journal;
    if (!Object.hasOwn(stacks, stackName)) {
      this.#write({ stack: stackName, creation: (creations[stackName] ?? 0) + 1 });
    }
    return creations[stackName] ?? 1;
  }

  /** The stack is deleted: when it is deployed again, it is created. */
  removeStack(stackName: string): void {
    this.#write({ stack: stackName, deleted: true });
  }

  /** Names are the same at every start, so one that was made and not recorded is met again, not made twice. */
  add(stackName: string, logicalId: string, record: JournalRecord): void {
    if (isDeepStrictEqual(this.#journal.stacks[stackName]?.[logicalId], record)) return;
    this.#write({ stack: stackName, id: logicalId, record });
  }

  /** By stack. */
  get links(): Readonly<Record<string, StackLinks>> {
    return this.#journal.links;
  }

  link(stackName: string, links: StackLinks): void {
    if (isDeepStrictEqual(this.#journal.links[stackName], links)) return;
    this.#write({ stack: stackName, links });
  }

  remove(stackName: string, logicalId: string): void {
    this.#write({ stack: stackName, id: logicalId, record: null });
  }

  #write(change: Change): void {
    this.#isSettled = false;
    appendFileSync(this.#changesFile, `${JSON.stringify(change)}\n`);
    apply(change, this.#journal);
  }
}

function apply(change: Change, { stacks, creations, links }: Journal): void {
  const { stack } = change;
  if ('deleted' in change) {
    delete stacks[stack];
    delete links[stack];
  } else if ('links' in change) {
    links[stack] = change.links;
  } else if ('creation' in change) {
    creations[stack] = change.creation;
    stacks[stack] = {};
  } else {
    const { [change.id]: _, ...others } = stacks[stack] ?? {};
    // In its place where it was there already: what is made last is taken away first.
    stacks[stack] = change.record === null ? others : { ...stacks[stack], [change.id]: change.record };
  }
}
