import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CorruptStateError } from '../store/corrupt-state-error.ts';
import { type EventDraft, type HistoryEvent, mostHistoryEvents } from './history.ts';
import { Interruption } from './interruption.ts';
import { type Checkpoint, type JournalLine, journalLineSchema } from './journal.schema.ts';
import { runtimeError } from './state-error.ts';

/** Where a line of execution (the whole one, a branch, an iteration) stands in the history. */
export interface Cursor {
  lastEventId: number;
}

type Kind = Checkpoint['kind'];
type CheckpointOf<K extends Kind> = Extract<Checkpoint, { kind: K }>;

/**
 * An execution's memory: a file of JSON lines, only ever appended to. Each line is one checkpoint, under a key that
 * names the state, its entry and its attempt, together with the history events it brought about; so after a crash
 * either both are there or neither. A resumed execution runs again from the start and finds, instead of doing, what
 * the journal holds.
 */
export class Journal {
  readonly #path: string;
  readonly #file: number;
  readonly #found: Map<string, { readonly checkpoint: Checkpoint; readonly lastEventId: number | undefined }>;
  readonly #now: () => number;
  readonly #onEvent: (event: HistoryEvent) => void;
  #events: number;
  /** Length of the file up to the end of its last whole line. */
  #bytes: number;
  /** When the first and the last event happened. */
  #firstAt: number | undefined;
  #lastAt: number | undefined;
  #open = true;

  private constructor(file: string, now: () => number, onEvent: (event: HistoryEvent) => void) {
    const { lines, bytes } = readLines(file);
    this.#path = file;
    this.#file = openSync(file, 'a');
    // A line that a crash cut short never happened.
    ftruncateSync(this.#file, bytes);
    this.#bytes = bytes;
    this.#now = now;
    this.#onEvent = onEvent;
    const timestamps = lines.flatMap(({ events }) => events.map(({ timestamp }) => timestamp));
    this.#events = timestamps.length;
    this.#firstAt = timestamps[0];
    this.#lastAt = timestamps.at(-1);
    this.#found = new Map(
      lines.map(({ key, checkpoint, events }) => [
        key,
        { checkpoint, lastEventId: events.map(cursorAfter).at(-1) },
      ]),
    );
  }

  /** Opens or begins a journal. `onEvent` is told of every new history event, once it is written. */
  static open(
    file: string,
    now: () => number,
    onEvent: (event: HistoryEvent) => void = () => undefined,
  ): Journal {
    return new Journal(file, now, onEvent);
  }

  /** Opens or begins the journal of an execution that this one started: beside its own, under a path of names. */
  child(...names: readonly string[]): Journal {
    const file = `${join(this.#path.replace(/\.jsonl$/, ''), ...names)}.jsonl`;
    mkdirSync(dirname(file), { recursive: true });
    return new Journal(file, this.#now, () => undefined);
  }

  /** The checkpoint under the key, if an earlier run recorded one of this kind; the cursor moves past its events. */
  find<K extends Kind>(kind: K, key: string, cursor: Cursor): CheckpointOf<K> | undefined {
    const line = this.#found.get(`${key}#${kind}`);
    if (line === undefined || !isKind(line.checkpoint, kind)) return undefined;
    cursor.lastEventId = line.lastEventId ?? cursor.lastEventId;
    return line.checkpoint;
  }

  /** Writes a checkpoint and its events before it returns. */
  record<Recorded extends Checkpoint>(
    key: string,
    checkpoint: Recorded,
    cursor: Cursor,
    drafts: readonly EventDraft[] = [],
  ): Recorded {
    // What ends after the region has begun to close is found undone at the next start, and done again.
    if (!this.#open) throw new Interruption({ kind: 'region-closing' });
    const room = mostHistoryEvents - (checkpoint.kind === 'ended' ? 0 : 1);
    if (this.#events + drafts.length > room) {
      throw runtimeError(
        `The execution reached the maximum number of history events (${mostHistoryEvents}).`,
      );
    }
    const events = drafts.map((draft) => this.#event(draft, cursor));
    const line: JournalLine = { key: `${key}#${checkpoint.kind}`, checkpoint, events };
    this.#append(Buffer.from(`${JSON.stringify(line)}\n`));
    for (const event of events) this.#onEvent(event);
    return checkpoint;
  }

  /** When the first and the last event happened, in milliseconds since the epoch; now, where there is none. */
  span(): { readonly from: number; readonly to: number } {
    return { from: this.#firstAt ?? this.#now(), to: this.#lastAt ?? this.#now() };
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }

  /** Appends a line or nothing: on a full disk the half that fitted would spoil every line after it. */
  #append(line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written);
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += line.length;
  }

  #event(draft: EventDraft, cursor: Cursor): HistoryEvent {
    this.#events += 1;
    const event = { id: this.#events, previousEventId: cursor.lastEventId, timestamp: this.#now(), ...draft };
    cursor.lastEventId = cursorAfter(event);
    this.#firstAt ??= event.timestamp;
    this.#lastAt = event.timestamp;
    return event;
  }
}

/** The history events of an execution, in order, from its journal. */
export function readHistory(file: string): HistoryEvent[] {
  return readLines(file).lines.flatMap(({ events }) => events);
}

/** AWS has the first state follow event 0, as the start itself does. */
const cursorAfter = ({ type, id }: HistoryEvent): number => (type === 'ExecutionStarted' ? 0 : id);

function readLines(file: string): { lines: JournalLine[]; bytes: number } {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parsedLine(file, line, index + 1));
  return { lines, bytes: Buffer.byteLength(whole) };
}

function parsedLine(file: string, line: string, number: number): JournalLine {
  try {
    return journalLineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new CorruptStateError(`${file}, line ${number},`, error);
  }
}

const isKind = <K extends Kind>(checkpoint: Checkpoint, kind: K): checkpoint is CheckpointOf<K> =>
  checkpoint.kind === kind;
