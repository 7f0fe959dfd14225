import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, definitionSchema, type Json } from '../../local/states/definition.schema.ts';
import { type End, runExecution } from '../../local/states/execution.ts';
import { Journal, readHistory } from '../../local/states/journal.ts';
import { StateError } from '../../local/states/state-error.ts';
import { TaskTokens } from '../../local/states/task-tokens.ts';
import type { Integration, Resource, TaskCall } from '../../local/states/tasks/integration.ts';
import { integrations } from '../../local/states/tasks/integrations.ts';
import { Sdk } from '../../local/states/tasks/sdk.client.ts';
import { accountId, region } from '../support/services.ts';
import { clock, eventBus, type TrainRegion } from './train-region.ts';

type Handler = (event: unknown) => Promise<unknown>;

/**
 * What a test may do around a task, called by function or action name: throw a `StateError` for what the region cannot make
 * happen, or look at the arguments of a request.
 */
export interface Meddle {
  before?(task: string, given: Json): void | Promise<void>;
  after?(task: string): void | Promise<void>;
}

export const stateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:train`;
const roleArn = `arn:aws:iam::${accountId}:role/train`;

/** The deployed state machine with the real handlers, in one process; every other call goes over HTTP to the region. */
export class TrainMachine {
  readonly #region: TrainRegion;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #definition: Definition;
  #executions = 0;

  private constructor(trainRegion: TrainRegion, handlers: Readonly<Record<string, Handler>>) {
    this.#region = trainRegion;
    this.#handlers = handlers;
    this.#definition = readDefinition(Object.keys(handlers));
  }

  static async load(trainRegion: TrainRegion): Promise<TrainMachine> {
    return new TrainMachine(trainRegion, {
      StartRun: (await import('../../functions/train/start-run.lambda.ts')).handler,
      Prepare: (await import('../../functions/train/prepare.lambda.ts')).handler,
      Evaluate: (await import('../../functions/train/evaluate.lambda.ts')).handler,
      Register: (await import('../../functions/train/register.lambda.ts')).handler,
      RecordFailure: (await import('../../functions/train/record-failure.lambda.ts')).handler,
    });
  }

  execution(input: object, meddle: Meddle = {}): TrainExecution {
    this.#executions += 1;
    return new TrainExecution(this.#definition, this.#region, {
      name: `execution-${this.#executions}`,
      input: JSON.parse(JSON.stringify(input)),
      integrationFor: this.#integrationFor(meddle),
    });
  }

  run(input: object, meddle?: Meddle): Promise<End> {
    return this.execution(input, meddle).run();
  }

  #integrationFor(meddle: Meddle): (resource: Resource) => Integration {
    const { services, jobsEndpoint, roles } = this.#region;
    const atServices = integrations(new Sdk({ roles, region, endpoint: () => services.endpoint }));
    const atJobs = integrations(new Sdk({ roles, region, endpoint: () => jobsEndpoint }));
    return (resource) => {
      const real =
        resource.service === 'lambda'
          ? this.#functions()
          : (resource.service === 'events' ? atServices : atJobs)(resource);
      return {
        ...real,
        async call(call) {
          await meddle.before?.(taskOf(call), call.arguments);
          const result = await real.call(call);
          await meddle.after?.(taskOf(call));
          return result;
        },
      };
    };
  }

  /** Lambda's part: JSON both ways, and an error of the handler by its name. */
  #functions(): Integration {
    return {
      patterns: ['request-response'],
      call: async (call) => {
        const { FunctionName, Payload } = Object(call.arguments);
        const handler = this.#handlers[FunctionName];
        if (!handler) throw new Error(`The machine has no function ${FunctionName}`);
        try {
          return { Payload: JSON.parse(JSON.stringify(await handler(Payload))) };
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          const report = { errorType: error.name, errorMessage: error.message, trace: [] };
          throw new StateError(error.name, JSON.stringify(report));
        }
      },
    };
  }
}

/** One execution of the machine. */
export class TrainExecution {
  readonly arn: string;
  readonly input: Json;
  readonly #definition: Definition;
  readonly #journalFile: string;
  readonly #name: string;
  readonly #integrationFor: (resource: Resource) => Integration;

  constructor(
    definition: Definition,
    { directory }: TrainRegion,
    options: { name: string; input: Json; integrationFor: (resource: Resource) => Integration },
  ) {
    this.#definition = definition;
    this.#name = options.name;
    this.input = options.input;
    this.#integrationFor = options.integrationFor;
    this.#journalFile = join(directory, `${options.name}.jsonl`);
    this.arn = `arn:aws:states:${region}:${accountId}:execution:train:${options.name}`;
  }

  async run(signal: AbortSignal = new AbortController().signal): Promise<End> {
    const journal = Journal.open(this.#journalFile, () => clock.now());
    try {
      return await runExecution(
        this.#definition,
        {
          journal,
          clock,
          tokens: new TaskTokens(),
          integrationFor: this.#integrationFor,
          random: Math.random,
          region,
          execution: {
            arn: this.arn,
            name: this.#name,
            input: this.input,
            roleArn,
            startTime: new Date(clock.now()).toISOString(),
          },
          stateMachine: { arn: stateMachineArn, name: 'train' },
        },
        signal,
      );
    } finally {
      journal.close();
    }
  }

  /** The states that were entered, in order. */
  states(): string[] {
    return readHistory(this.#journalFile).flatMap((event) => {
      const entered: unknown = event.details?.stateEnteredEventDetails?.name;
      return typeof entered === 'string' ? [entered] : [];
    });
  }
}

function taskOf({ resource, arguments: given }: TaskCall): string {
  const { FunctionName } = Object(given);
  return typeof FunctionName === 'string' ? FunctionName : resource.action;
}

function readDefinition(functions: readonly string[]): Definition {
  const substitutions: Record<string, string> = { EventBusName: eventBus };
  for (const name of functions) substitutions[`${name}Arn`] = name;
  const text = readFileSync('state-machines/train.asl.json', 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    (_, key: string) => {
      const value = substitutions[key];
      if (value === undefined) throw new Error(`train.asl.json has an unknown substitution ${key}`);
      return value;
    },
  );
  return definitionSchema.parse(JSON.parse(text));
}
