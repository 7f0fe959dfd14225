import { createHash } from 'node:crypto';
import { AccessDeniedError } from '../../iam/denial.ts';
import { type End, runExecution } from '../execution.ts';
import { attemptKey, type ExecutionRun, type Visit } from '../execution-run.ts';
import { type EventDraft, failureDetails } from '../history.ts';
import { Interruption } from '../interruption.ts';
import type { Json, MapState } from '../machine-definition.schema.ts';
import { note } from '../recovery.ts';
import { StateError } from '../state-error.ts';
import type { Batch } from './batches.ts';
import { exceeds, type Tolerance } from './tolerance.ts';

/** A child execution that is over. */
export interface EndedChild {
  readonly arn: string;
  readonly name: string;
  readonly input: Json;
  readonly end: End;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** What a map run came to: the children that have ended, in the order of their items. */
export interface MapRunOutcome {
  readonly ended: readonly EndedChild[];
  /** Whether more have failed than is tolerated. */
  readonly isExceeded: boolean;
}

/**
 * The child executions of one attempt of a distributed map. Each has a journal of its own beside its parent's, sees none of its parent's
 * variables, and leaves nothing in its parent's history.
 */
export class MapRun {
  readonly #visit: Visit;
  readonly #state: MapState;
  readonly #label: string;
  /** The same after a restart. */
  readonly #id: string;

  constructor(visit: Visit, state: MapState) {
    this.#visit = visit;
    this.#state = state;
    this.#label = state.Label ?? visit.name.replaceAll(/[^\w-]/g, '').slice(0, 40);
    this.#id = uuidOf(`${visit.run.execution.arn} ${attemptKey(visit)}`);
  }

  /** The run's own part of its ARN. */
  get id(): string {
    return this.#id;
  }

  get arn(): string {
    return this.#arn('mapRun', `${this.#machineName}/${this.#label}:${this.#id}`);
  }

  /** What a run of the region before this one had begun with. @throws StateError when the map had failed by then */
  earlierBatches(): Batch[] | undefined {
    const { run, frame } = this.#visit;
    const failed = run.journal.find('failed', this.#key, frame.cursor);
    if (failed) throw new StateError(failed.errorName, failed.cause, failed.aliases);
    const earlier = run.journal.find('forked', this.#key, frame.cursor);
    return earlier?.inputs.map((input, index) => ({ input, items: earlier.itemCounts?.[index] ?? 1 }));
  }

  /**
   * A map with a reader starts its run before it reads: the history then knows of no items (LocalStack 8b9a79f, test_map_item_reader_*).
   * @throws StateError what the reader throws, recorded as the run's end
   */
  async reading<Items>(read: () => Promise<Items>): Promise<Items> {
    const { run, frame } = this.#visit;
    const key = `${this.#key}/reading`;
    if (!run.journal.find('noted', key, frame.cursor))
      run.journal.record(key, { kind: 'noted' }, frame.cursor, this.#startEvents(0));
    try {
      return await read();
    } catch (error) {
      if (error instanceof StateError && error.errorName === 'States.ItemReaderFailed') this.#record(error);
      throw error;
    }
  }

  begin(children: Batch[]): Batch[] {
    const { run, frame } = this.#visit;
    const inputs = children.map(({ input }) => input);
    const itemCounts = children.map(({ items }) => items);
    const events = this.#state.ItemReader === undefined ? this.#startEvents(inputs.length) : [];
    run.journal.record(this.#key, { kind: 'forked', inputs, itemCounts }, frame.cursor, events);
    return children;
  }

  #startEvents(length: number): EventDraft[] {
    return [
      { type: 'MapStateStarted', details: { mapStateStartedEventDetails: { length } } },
      { type: 'MapRunStarted', details: { mapRunStartedEventDetails: { mapRunArn: this.arn } } },
    ];
  }

  /** Runs the children, at most `limit` at a time, until all have ended or more have failed than is tolerated. */
  async run(children: readonly Batch[], limit: number, tolerance: Tolerance): Promise<MapRunOutcome> {
    if (children.length > 0) this.#assertMayStart();
    const end = new AbortController();
    const signal = AbortSignal.any([this.#visit.frame.signal, end.signal]);
    const total = children.reduce((sum, { items }) => sum + items, 0);
    const ended: EndedChild[] = [];
    let failedItems = 0;
    const queue = children.entries();
    const work = async () => {
      for (const [index, { input, items }] of queue) {
        if (signal.aborted) return;
        const child = await this.#runChild(index, input, signal);
        ended[index] = child;
        if (child.end.status === 'SUCCEEDED') continue;
        failedItems += items;
        if (exceeds(failedItems, total, tolerance))
          end.abort(new Interruption({ kind: 'execution-stopped' }));
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(limit, children.length) }, work));
    this.#visit.frame.signal.throwIfAborted();
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    return {
      // Without the holes that children leave which were never begun.
      ended: ended.filter((child) => child !== undefined),
      isExceeded: exceeds(failedItems, total, tolerance),
    };
  }

  /** Records how the run has ended. @throws StateError `States.ExceedToleratedFailureThreshold` */
  conclude({ ended, isExceeded }: MapRunOutcome): void {
    if (isExceeded) throw this.#recordFailure(ended);
    note(this.#visit, 'map-run-succeeded', { type: 'MapRunSucceeded' });
    note(this.#visit, 'children-succeeded', { type: 'MapStateSucceeded' });
  }

  /** @throws StateError `States.Permissions` unless the machine's role may start executions of the machine itself */
  #assertMayStart(): void {
    const { roles, execution, stateMachine } = this.#visit.run;
    try {
      roles.demand(execution.roleArn, [{ action: 'states:StartExecution', resource: stateMachine.arn }]);
    } catch (error) {
      if (error instanceof AccessDeniedError) throw new StateError('States.Permissions', error.message);
      throw error;
    }
  }

  async #runChild(index: number, input: Json, signal: AbortSignal): Promise<EndedChild> {
    const { run } = this.#visit;
    const { ProcessorConfig: _, ...states } = this.#state.ItemProcessor;
    const journal = run.journal.child(this.#id, String(index));
    const child = this.#childRun(index, input, journal);
    try {
      const end = await runExecution({ ...states, QueryLanguage: 'JSONata' }, child, signal);
      const { arn, name } = child.execution;
      return { arn, name, input, end, ...journal.span() };
    } finally {
      journal.close();
    }
  }

  #childRun(index: number, input: Json, journal: ExecutionRun['journal']): ExecutionRun {
    const { run, enteredTime } = this.#visit;
    const name = uuidOf(`${this.#id} ${index}`);
    return {
      ...run,
      journal,
      execution: {
        ...run.execution,
        arn: this.#arn('execution', `${this.#machineName}/${this.#label}:${name}`),
        name,
        input,
        startTime: enteredTime,
      },
    };
  }

  #recordFailure(ended: readonly EndedChild[]): StateError {
    const first = ended.find(({ end }) => end.status === 'FAILED')?.end;
    const why = first ? ` The first: ${first.errorName ?? 'no name'}: ${first.cause ?? 'no cause'}` : '';
    const error = new StateError(
      'States.ExceedToleratedFailureThreshold',
      `The specified tolerated failure threshold was exceeded.${why}`,
    );
    this.#record(error);
    return error;
  }

  /** Ends the run with an error, once: after a restart it is thrown again. */
  #record(error: StateError): void {
    const { run, frame } = this.#visit;
    const { errorName = '', cause = '' } = error;
    run.journal.record(this.#key, { kind: 'failed', errorName, cause, aliases: [] }, frame.cursor, [
      { type: 'MapRunFailed', details: { mapRunFailedEventDetails: failureDetails(error) } },
    ]);
  }

  #arn(kind: string, name: string): string {
    const [, partition, , region, account] = this.#visit.run.stateMachine.arn.split(':');
    return `arn:${partition}:states:${region}:${account}:${kind}:${name}`;
  }

  get #machineName(): string {
    return this.#visit.run.stateMachine.name;
  }

  get #key(): string {
    return `${attemptKey(this.#visit)}/map-run`;
  }
}

/** A UUID's form for a text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
