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
import { clock, eventBus, type HostingRegion } from './hosting-region.ts';

type Handler = (event: unknown) => Promise<unknown>;

/**
 * What a test may do around a task, called by function or action name: throw a `StateError` for what the region cannot make
 * happen, or an `Interruption`.
 */
export interface Meddle {
  before?(task: string): void | Promise<void>;
  after?(task: string): void | Promise<void>;
}

const stateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:deploy`;
const roleArn = `arn:aws:iam::${accountId}:role/deploy`;

/** The deployed state machine with the real handlers, in one process; every other call goes over HTTP to the region. */
export class DeployMachine {
  readonly #region: HostingRegion;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #definition: Definition;
  #executions = 0;

  private constructor(hostingRegion: HostingRegion, handlers: Readonly<Record<string, Handler>>) {
    this.#region = hostingRegion;
    this.#handlers = handlers;
    this.#definition = readDefinition(Object.keys(handlers));
  }

  static async load(hostingRegion: HostingRegion): Promise<DeployMachine> {
    return new DeployMachine(hostingRegion, {
      StartDeployment: (await import('../../functions/deploy/start-deployment.lambda.ts')).handler,
      CheckEndpoint: (await import('../../functions/deploy/check-endpoint.lambda.ts')).handler,
      ProveEndpoint: (await import('../../functions/deploy/prove-endpoint.lambda.ts')).handler,
      PromoteVersion: (await import('../../functions/deploy/promote-version.lambda.ts')).handler,
      PlanRollback: (await import('../../functions/deploy/plan-rollback.lambda.ts')).handler,
      RecordRollback: (await import('../../functions/deploy/record-rollback.lambda.ts')).handler,
    });
  }

  execution(input: object, meddle: Meddle = {}): DeployExecution {
    this.#executions += 1;
    const name = `execution-${this.#executions}`;
    return new DeployExecution(this.#definition, this.#region, {
      name,
      input: JSON.parse(JSON.stringify(input)),
      integrationFor: this.#integrationFor(meddle),
    });
  }

  run(input: object, meddle?: Meddle): Promise<End> {
    return this.execution(input, meddle).run();
  }

  #integrationFor(meddle: Meddle): (resource: Resource) => Integration {
    const { services, hostingEndpoint, roles } = this.#region;
    const atServices = integrations(new Sdk({ roles, region, endpoint: () => services.endpoint }));
    const atHosting = integrations(new Sdk({ roles, region, endpoint: () => hostingEndpoint }));
    return (resource) => {
      const real =
        resource.service === 'lambda'
          ? this.#functions()
          : (resource.service === 'events' ? atServices : atHosting)(resource);
      return {
        ...real,
        async call(call) {
          await meddle.before?.(taskOf(call));
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

/** One execution, which a test may interrupt and go on with. */
export class DeployExecution {
  readonly arn: string;
  readonly #definition: Definition;
  readonly #journalFile: string;
  readonly #name: string;
  readonly input: Json;
  readonly #integrationFor: (resource: Resource) => Integration;

  constructor(
    definition: Definition,
    { directory }: HostingRegion,
    options: { name: string; input: Json; integrationFor: (resource: Resource) => Integration },
  ) {
    this.#definition = definition;
    this.#name = options.name;
    this.input = options.input;
    this.#integrationFor = options.integrationFor;
    this.#journalFile = join(directory, `${options.name}.jsonl`);
    this.arn = `arn:aws:states:${region}:${accountId}:execution:deploy:${options.name}`;
  }

  /** Runs to the end, or goes on from where an interrupted run stopped. */
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
          stateMachine: { arn: stateMachineArn, name: 'deploy' },
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
      const entered: unknown = Object(event).stateEnteredEventDetails?.name;
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
  const text = readFileSync('state-machines/deploy.asl.json', 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    (_, key: string) => {
      const value = substitutions[key];
      if (value === undefined) throw new Error(`deploy.asl.json has an unknown substitution ${key}`);
      return value;
    },
  );
  return definitionSchema.parse(JSON.parse(text));
}
