import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Roles } from '../../gateway/roles.ts';
import { unlimited } from '../../iam/access.ts';
import type { Breakpoint } from '../../states/breakpoint.ts';
import { type End, runExecution } from '../../states/execution.ts';
import type { ExecutionRun } from '../../states/execution-run.ts';
import type { HistoryEvent } from '../../states/history.ts';
import { Journal, readHistory } from '../../states/journal.ts';
import {
  type Json,
  type MachineDefinition,
  machineDefinitionSchema,
} from '../../states/machine-definition.schema.ts';
import { StateError } from '../../states/state-error.ts';
import { TaskTokens } from '../../states/task-tokens.ts';
import type { Integration, TaskCall } from '../../states/tasks/integration.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** What a fake function answers, call by call; the last answer is not repeated. */
export type Answer =
  | { readonly result: Json }
  | { readonly error: string; readonly cause?: string }
  /** Never answers: the call ends when it is aborted. */
  | { readonly hangs: true };

export interface MachineRunOptions {
  readonly definition: unknown;
  readonly input?: Json;
  /** By the `FunctionName` of `lambda:invoke` tasks. */
  readonly functions?: Readonly<Record<string, readonly Answer[]>>;
  readonly directory?: string;
  readonly clock?: VirtualClock;
  readonly integration?: Integration;
  readonly random?: () => number;
  /** Is there for the first run only. */
  readonly breakpoint?: Breakpoint;
}

/** One execution of a machine on the virtual clock, with every task answered by a fake that knows its calls. */
export class MachineRun {
  readonly clock: VirtualClock;
  readonly tokens = new TaskTokens();
  readonly calls: { readonly name: string; readonly payload: Json }[] = [];
  readonly journalFile: string;
  readonly #definition: MachineDefinition;
  readonly #options: MachineRunOptions;
  #hasRun = false;
  readonly #answers: Map<string, Answer[]>;

  constructor(options: MachineRunOptions) {
    this.#options = options;
    this.#definition = machineDefinitionSchema.parse(options.definition);
    this.clock = options.clock ?? new VirtualClock();
    this.journalFile = join(options.directory ?? mkdtempSync(join(tmpdir(), 'machine-')), 'journal.jsonl');
    this.#answers = new Map(Object.entries(options.functions ?? {}).map(([name, list]) => [name, [...list]]));
  }

  async end(signal: AbortSignal = new AbortController().signal): Promise<End> {
    const journal = Journal.open(this.journalFile, () => this.clock.now());
    try {
      return await runExecution(this.#definition, this.#run(journal), signal);
    } finally {
      this.#hasRun = true;
      journal.close();
    }
  }

  history(): HistoryEvent[] {
    return readHistory(this.journalFile);
  }

  /** Answers that nobody asked for. */
  unused(): string[] {
    return [...this.#answers].filter(([, answers]) => answers.length > 0).map(([name]) => name);
  }

  #run(journal: Journal): ExecutionRun {
    const name = 'case';
    return {
      roles: new Roles(unlimited),
      journal,
      clock: this.clock,
      tokens: this.tokens,
      integrationFor: () => this.#options.integration ?? this.#functions(),
      ...(!this.#hasRun && { breakpoint: this.#options.breakpoint }),
      random: this.#options.random ?? (() => 0.5),
      region: 'eu-west-1',
      execution: {
        arn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:case',
        name,
        input: this.#options.input ?? {},
        roleArn: 'arn:aws:iam::111122223333:role/machine',
        startTime: '2026-01-01T00:00:00.000Z',
      },
      stateMachine: { arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:machine', name: 'machine' },
    };
  }

  #functions(): Integration {
    return { call: (call) => this.#answer(call) };
  }

  async #answer(call: TaskCall): Promise<Json> {
    const { FunctionName: name, Payload: payload = null } = Object(call.arguments);
    this.calls.push({ name, payload });
    const answer = this.#answers.get(name)?.shift();
    if (answer === undefined) throw new Error(`The case has no further answer for the function '${name}'.`);
    if ('error' in answer) throw new StateError(answer.error, answer.cause);
    if ('result' in answer) return { Payload: answer.result };
    return new Promise((_, reject) => {
      call.signal.addEventListener('abort', () => reject(call.signal.reason));
    });
  }
}
