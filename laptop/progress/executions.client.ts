import {
  type ExecutionStatus,
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { modelOf } from './execution-model.ts';
import { type Step, stepsOf } from './execution-view.ts';

/** A state machine and the capability it carries out. */
export interface Machine {
  readonly capability: string;
  readonly arn: string;
}

/** An execution as it stands. */
export interface ExecutionView {
  readonly arn: string;
  readonly capability: string;
  /** The model that it is about, where its input says. */
  readonly model: string | undefined;
  readonly status: ExecutionStatus;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly steps: readonly Step[];
}

/** Follows the executions of a region's state machines through the Step Functions API. */
export class ExecutionsView {
  readonly #client: SFNClient;
  readonly #machines: readonly Machine[];
  /** Executions that are over need not be asked for again. */
  readonly #over = new Map<string, ExecutionView>();

  constructor(client: SFNClient, machines: readonly Machine[]) {
    this.#client = client;
    this.#machines = machines;
  }

  /** Every execution, the one that started first at the head. */
  async list(): Promise<ExecutionView[]> {
    const views = await Promise.all(this.#machines.map((machine) => this.#ofMachine(machine)));
    return views.flat().sort((a, b) => a.startedAt - b.startedAt || a.arn.localeCompare(b.arn));
  }

  async #ofMachine({ arn: stateMachineArn, capability }: Machine): Promise<ExecutionView[]> {
    const views: ExecutionView[] = [];
    for await (const page of paginateListExecutions({ client: this.#client }, { stateMachineArn })) {
      for (const { executionArn, status, startDate, stopDate } of page.executions ?? []) {
        if (executionArn === undefined || status === undefined) continue;
        views.push(
          this.#over.get(executionArn) ??
            (await this.#view({
              arn: executionArn,
              capability,
              status,
              startedAt: startDate?.getTime() ?? 0,
              endedAt: stopDate?.getTime(),
            })),
        );
      }
    }
    return views;
  }

  async #view(summary: Omit<ExecutionView, 'steps' | 'model'>): Promise<ExecutionView> {
    const history = await this.#history(summary.arn);
    const input = history[0]?.executionStartedEventDetails?.input;
    const view = { ...summary, model: modelOf(input), steps: stepsOf(history) };
    if (summary.status !== 'RUNNING') this.#over.set(summary.arn, view);
    return view;
  }

  async #history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: this.#client }, { executionArn })) {
      events.push(...(page.events ?? []));
    }
    return events;
  }
}
