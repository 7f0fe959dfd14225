import { attemptKey, type Frame, type Visit } from './execution-run.ts';
import type { EventDraft } from './history.ts';
import { Interruption } from './interruption.ts';
import type { Json, States } from './machine-definition.schema.ts';
import { StateError } from './state-error.ts';
import { runStates } from './states.ts';
import { VariableScope } from './variable-scope.ts';

/** A branch of a Parallel or an iteration of a Map. */
export interface Child {
  readonly states: States;
  readonly input: Json;
  readonly mapItem?: Frame['mapItem'];
  /** What the history says of it, when it says anything: iterations have events of their own, branches have none. */
  readonly events?: (what: 'Started' | 'Succeeded' | 'Failed' | 'Aborted') => EventDraft;
}

/**
 * Runs children, at most `limit` at a time, and gives their outputs in order. The first failure aborts the others,
 * waits for them to come to rest, and is thrown.
 */
export async function runChildren(visit: Visit, children: readonly Child[], limit: number): Promise<Json[]> {
  const family = new Family(visit, children);
  family.throwEarlierFailure();
  await Promise.all(Array.from({ length: Math.min(limit, children.length) }, () => family.work()));
  return family.outputs();
}

class Family {
  readonly #visit: Visit;
  readonly #queue: IterableIterator<[number, Child]>;
  readonly #outputs: Json[] = [];
  /** Aborted with what ends the whole family. */
  readonly #end = new AbortController();
  #firstFailure: { readonly error: unknown } | undefined;

  constructor(visit: Visit, children: readonly Child[]) {
    this.#visit = visit;
    this.#queue = children.entries();
  }

  /** A resumed execution does not start children anew that a failed sibling has ended. */
  throwEarlierFailure(): void {
    const { run, frame } = this.#visit;
    const failed = run.journal.find('failed', this.#key, frame.cursor);
    if (failed) throw new StateError(failed.errorName, failed.cause, failed.aliases);
  }

  /** Runs one child after another; as many workers share the queue as may run at once. */
  async work(): Promise<void> {
    for (const [index, child] of this.#queue) {
      if (this.#firstFailure) return;
      await this.#runChild(index, child);
    }
  }

  outputs(): Json[] {
    if (this.#firstFailure) throw this.#firstFailure.error;
    return this.#outputs;
  }

  async #runChild(index: number, child: Child): Promise<void> {
    const { frame: outer } = this.#visit;
    const frame: Frame = {
      path: `${attemptKey(this.#visit)}/${index}/`,
      cursor: { lastEventId: outer.cursor.lastEventId },
      scope: new VariableScope(outer.scope),
      signal: AbortSignal.any([outer.signal, this.#end.signal]),
      ...((child.mapItem ?? outer.mapItem) && { mapItem: child.mapItem ?? outer.mapItem }),
    };
    try {
      this.#note(frame, child, 'Started');
      this.#outputs[index] = await runStates(child.states, child.input, frame, this.#visit.run);
      this.#note(frame, child, 'Succeeded');
    } catch (error) {
      this.#fail(error, frame, child);
    }
    // The history goes on after the child that was heard of last.
    outer.cursor.lastEventId = Math.max(outer.cursor.lastEventId, frame.cursor.lastEventId);
  }

  #fail(error: unknown, frame: Frame, child: Child): void {
    if (error instanceof Interruption && error.reason.kind === 'sibling-failed') {
      this.#note(frame, child, 'Aborted');
    }
    if (this.#firstFailure) return;
    this.#firstFailure = { error };
    if (error instanceof StateError) this.#recordFailure(error, frame, child);
    this.#end.abort(error instanceof StateError ? new Interruption({ kind: 'sibling-failed' }) : error);
  }

  #recordFailure({ errorName, cause, aliases }: StateError, frame: Frame, child: Child): void {
    const failure = {
      kind: 'failed' as const,
      ...(errorName !== undefined && { errorName }),
      ...(cause !== undefined && { cause }),
      aliases: [...aliases],
    };
    const events = child.events ? [child.events('Failed')] : [];
    this.#visit.run.journal.record(this.#key, failure, frame.cursor, events);
  }

  #note({ path, cursor }: Frame, { events }: Child, what: 'Started' | 'Succeeded' | 'Aborted'): void {
    const { journal } = this.#visit.run;
    if (events === undefined || journal.find('noted', `${path}${what}`, cursor)) return;
    journal.record(`${path}${what}`, { kind: 'noted' }, cursor, [events(what)]);
  }

  get #key(): string {
    return `${attemptKey(this.#visit)}/children`;
  }
}
