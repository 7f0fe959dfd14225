import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Clock } from '../../clock.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { EventSink } from '../../gateway/service.ts';
import type { Breakpoint } from '../../states/breakpoint.ts';
import { type End, runExecution } from '../../states/execution.ts';
import type { ExecutionRun } from '../../states/execution-run.ts';
import type { HistoryEvent } from '../../states/history.ts';
import { Interruption } from '../../states/interruption.ts';
import { Journal, readHistory } from '../../states/journal.ts';
import type { Json } from '../../states/machine-definition.schema.ts';
import { largestPayloadBytes } from '../../states/payload-limit.ts';
import type { TaskTokens } from '../../states/task-tokens.ts';
import { diskTrouble } from '../../store/disk-trouble.ts';
import type { ExecutionRecord } from './execution-record.schema.ts';
import { ExecutionStore } from './execution-store.ts';
import { assertName, type StateMachine } from './state-machines.ts';
import { emitStatusChange } from './status-events.ts';

export interface ExecutionsOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly events: EventSink;
  readonly tokens: TaskTokens;
  readonly integrationFor: ExecutionRun['integrationFor'];
  /** Says whether a machine's role may start the children of its distributed maps. */
  readonly roles: Pick<Roles, 'demand'>;
  readonly random: () => number;
  readonly breakpoint?: Breakpoint | undefined;
  readonly onEvent: (execution: ExecutionRecord, event: HistoryEvent) => void;
  readonly onFault: (fault: unknown, what: string) => void;
}

/** How long after a full disk an execution is tried again. */
const diskPatienceMilliseconds = 5_000;

interface Running {
  readonly controller: AbortController;
  journal: Journal;
  over: Promise<void>;
}

/** The executions of all machines: those that run, and the records of those that are over. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #store: ExecutionStore;
  readonly #records = new Map<string, ExecutionRecord>();
  readonly #running = new Map<string, Running>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#store = new ExecutionStore(options.directory);
    for (const record of this.#store.readAll()) this.#records.set(record.executionArn, record);
  }

  /**
   * Starts an execution. The same name and input while that execution runs is the same execution.
   * @throws AwsError `InvalidName`, `InvalidExecutionInput`, `ExecutionAlreadyExists`
   */
  start(machine: StateMachine, input: string, name: string = randomUUID()): ExecutionRecord {
    assertName(name);
    assertInput(input);
    const executionArn = this.#arn(machine.name, name);
    const earlier = this.#records.get(executionArn);
    if (earlier) {
      if (earlier.status === 'RUNNING' && earlier.input === input) return earlier;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const record: ExecutionRecord = {
      executionArn,
      name,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      roleArn: machine.roleArn,
      definition: machine.definition,
      input,
      startDate: this.#options.clock.now(),
      status: 'RUNNING',
    };
    this.#keep(record);
    this.#emit(record);
    this.#run(record);
    return record;
  }

  /** Goes on with what an earlier run of the region left running. */
  resume(): void {
    for (const record of this.#records.values()) {
      if (record.status === 'RUNNING' && !this.#running.has(record.executionArn)) this.#run(record);
    }
  }

  /** @throws AwsError `InvalidArn`, `ExecutionDoesNotExist` */
  get(arn: string): ExecutionRecord {
    if (!arn.startsWith('arn:')) {
      throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
    }
    const record = this.#records.get(arn);
    if (record) return record;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** Newest first. */
  list(stateMachineArn: string): ExecutionRecord[] {
    return [...this.#records.values()]
      .filter((record) => record.stateMachineArn === stateMachineArn)
      .reverse()
      .sort((one, other) => other.startDate - one.startDate);
  }

  history(arn: string): HistoryEvent[] {
    return readHistory(this.#store.journalFile(this.get(arn)));
  }

  /** Aborts an execution, its tasks included, and resolves when it is over. What is over already stays as it is. */
  async stop(arn: string, error?: string, cause?: string): Promise<ExecutionRecord> {
    const running = this.#running.get(this.get(arn).executionArn);
    running?.controller.abort(
      new Interruption({
        kind: 'execution-stopped',
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      }),
    );
    await running?.over;
    return this.get(arn);
  }

  /** Aborts what runs of a machine, also what an earlier run of the region left running, and resolves when all of it is over. */
  async stopAllOf(stateMachineArn: string): Promise<void> {
    const cause = 'The state machine was deleted.';
    const stopped = new Interruption({ kind: 'execution-stopped', cause });
    const ends = this.list(stateMachineArn).map(({ executionArn, status }) => {
      if (status !== 'RUNNING') return undefined;
      const running = this.#running.get(executionArn);
      if (running === undefined) return this.#run(this.get(executionArn), stopped);
      running.controller.abort(stopped);
      return running.over;
    });
    await Promise.all(ends);
  }

  /** Resolves when the execution is over, or the region closes. */
  async over(arn: string): Promise<ExecutionRecord> {
    await this.#running.get(this.get(arn).executionArn)?.over;
    return this.get(arn);
  }

  /** Leaves everything that runs where it is; the next `resume` goes on from there. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { journal } of running) journal.close();
    for (const { controller } of running) controller.abort(new Interruption({ kind: 'region-closing' }));
    await Promise.all(running.map(({ over }) => over));
  }

  /** @param stopped with what it is stopped before it does anything more */
  #run(record: ExecutionRecord, stopped?: Interruption): Promise<void> {
    const controller = new AbortController();
    if (stopped) controller.abort(stopped);
    const running: Running = { controller, journal: this.#journalOf(record), over: Promise.resolve() };
    this.#running.set(record.executionArn, running);
    running.over = this.#runThrough(record, running).finally(() => {
      running.journal.close();
      this.#running.delete(record.executionArn);
    });
    return running.over;
  }

  #journalOf(record: ExecutionRecord): Journal {
    const { clock, onEvent } = this.#options;
    return Journal.open(
      this.#store.journalFile(record),
      () => clock.now(),
      (event) => onEvent(record, event),
    );
  }

  /** Runs it to its end. While the disk is full it stands still, and goes on where its journal ends. */
  async #runThrough(record: ExecutionRecord, running: Running): Promise<void> {
    const { clock, onFault } = this.#options;
    const { signal } = running.controller;
    for (;;) {
      try {
        await this.#runToEnd(record, running.journal, signal);
        return;
      } catch (fault) {
        if (fault instanceof Interruption) return;
        onFault(fault, `execution ${record.executionArn}`);
        if (diskTrouble(fault) === undefined) {
          // An execution that a defect of the region has ended would fail again at every start.
          const cause = `The local region failed: ${String(fault)}`;
          this.#finish(record, { status: 'FAILED', errorName: 'States.Runtime', cause });
          return;
        }
        running.journal.close();
        // When it is stopped meanwhile, the next round finds out.
        await clock.until(clock.now() + diskPatienceMilliseconds, signal).catch(() => undefined);
        running.journal = this.#journalOf(record);
      }
    }
  }

  async #runToEnd(record: ExecutionRecord, journal: Journal, signal: AbortSignal): Promise<void> {
    const { clock, tokens, integrationFor, random, region, roles, breakpoint } = this.#options;
    const input: Json = JSON.parse(record.input);
    const run: ExecutionRun = {
      journal,
      clock,
      tokens,
      integrationFor,
      random,
      region,
      roles,
      breakpoint,
      execution: {
        arn: record.executionArn,
        name: record.name,
        input,
        roleArn: record.roleArn,
        startTime: new Date(record.startDate).toISOString(),
      },
      stateMachine: { arn: record.stateMachineArn, name: record.stateMachineName },
    };
    this.#finish(record, await runExecution(record.definition, run, signal));
  }

  #finish(record: ExecutionRecord, { status, output, errorName, cause }: End): void {
    const ended: ExecutionRecord = {
      ...record,
      status,
      stopDate: this.#options.clock.now(),
      ...(output !== undefined && { output: JSON.stringify(output) }),
      ...(errorName !== undefined && { error: errorName }),
      ...(cause !== undefined && { cause }),
    };
    this.#keep(ended);
    this.#emit(ended);
  }

  #keep(record: ExecutionRecord): void {
    this.#store.write(record);
    this.#records.set(record.executionArn, record);
  }

  #emit(record: ExecutionRecord): void {
    emitStatusChange(this.#options.events, record).catch((fault: unknown) =>
      this.#options.onFault(fault, `status event of ${record.executionArn}`),
    );
  }

  #arn(machineName: string, name: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:states:${region}:${accountId}:execution:${machineName}:${name}`;
  }
}

function assertInput(input: string): void {
  if (Buffer.byteLength(input) > largestPayloadBytes) {
    throw new AwsError('InvalidExecutionInput', `The input is larger than ${largestPayloadBytes} bytes.`);
  }
  try {
    JSON.parse(input);
  } catch (error) {
    const message = `Invalid State Machine Execution Input: '${String(error)}'`;
    throw new AwsError('InvalidExecutionInput', message);
  }
}
