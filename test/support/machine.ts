import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../packages/region/clock.ts';
import { type End, runExecution } from '../../packages/region/states/execution.ts';
import { Journal, readHistory } from '../../packages/region/states/journal.ts';
import {
  type Json,
  type MachineDefinition,
  machineDefinitionSchema,
} from '../../packages/region/states/machine-definition.schema.ts';
import { StateError } from '../../packages/region/states/state-error.ts';
import { TaskTokens } from '../../packages/region/states/task-tokens.ts';
import type { Integration, Resource, TaskCall } from '../../packages/region/states/tasks/integration.ts';
import { actingAs, type Intercept } from './acting-as.ts';
import { accountId, type CapabilityRoles, region } from './services.ts';

/** A function's code, called with what it uses of Lambda's context. */
export type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/**
 * What a test may do around a task, called by function or action name: throw a `StateError` for what the region cannot make
 * happen, or an `Interruption`, or look at the arguments of a request.
 */
export interface Meddle {
  before?(task: string, given: Json): void | Promise<void>;
  after?(task: string): void | Promise<void>;
  /** Milliseconds that a function has left, asked again and again. Much time unless told. */
  remaining?(name: string): number;
  /** Is given each call that a function makes, and makes it, or not. */
  call?(call: FunctionCall): Promise<unknown>;
  /** Is given each call that a state makes itself, and makes it, or not. */
  direct?(call: StateCall): Promise<Json>;
}

/** What a state calls itself, such as `createTrainingJob`. */
export interface StateCall {
  readonly resource: Resource;
  send(): Promise<Json>;
}

/** A call of an SDK client in a function. */
export interface FunctionCall {
  readonly task: string;
  /** Such as `PutObject`. */
  readonly operation: string;
  send(): Promise<unknown>;
  /** The function's process ends here: nothing more of it runs, and the task fails with this error. */
  die(error: StateError): Promise<never>;
}

export interface MachineOptions {
  /** Which of `state-machines/`: its file is `<name>.asl.json`. */
  readonly name: string;
  readonly eventBus: string;
  /** The functions, by the names that the definition has them under, without `Arn`. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** What the machine and its functions act under. */
  readonly permissions: CapabilityRoles;
  /** Answers every task that is not a function. */
  readonly integrationFor: (resource: Resource) => Integration;
  readonly clock: Clock;
  /** For the journals of executions. */
  readonly directory: string;
}

const muchTimeMilliseconds = 15 * 60_000;

/** A deployed state machine with its real handlers, in one process. */
export class Machine {
  readonly arn: string;
  readonly #options: MachineOptions;
  readonly #definition: MachineDefinition;
  #executions = 0;

  /** @throws Error when the definition has a substitution that nothing is known for. */
  constructor(options: MachineOptions) {
    this.#options = options;
    this.#definition = readDefinition(options);
    this.arn = `arn:aws:states:${region}:${accountId}:stateMachine:tidemark-dev-${options.name}`;
  }

  /** An execution that has not begun. */
  execution(input: unknown, meddle: Meddle = {}): Execution {
    this.#executions += 1;
    return new Execution(this.#definition, {
      ...this.#options,
      machineArn: this.arn,
      machineName: `tidemark-dev-${this.#options.name}`,
      name: `execution-${this.#executions}`,
      input: JSON.parse(JSON.stringify(input)),
      integrationFor: (resource) => this.#integration(resource, meddle),
    });
  }

  run(input: unknown, meddle?: Meddle): Promise<End> {
    return this.execution(input, meddle).run();
  }

  #integration(resource: Resource, meddle: Meddle): Integration {
    const real =
      resource.service === 'lambda' ? this.#functions(meddle) : this.#options.integrationFor(resource);
    return {
      ...real,
      async call(call) {
        await meddle.before?.(taskOf(call), call.arguments);
        const send = () => real.call(call);
        const isDirect = resource.service !== 'lambda';
        const result = await (isDirect && meddle.direct ? meddle.direct({ resource, send }) : send());
        await meddle.after?.(taskOf(call));
        return result;
      },
    };
  }

  /** Runs a handler under its function's role, until it is over or its process is made to die. */
  async #asFunction(task: string, { call }: Meddle, run: () => Promise<unknown>): Promise<unknown> {
    const { roles, roleOf } = this.#options.permissions;
    let end: (error: StateError) => void = () => undefined;
    let isDead = false;
    const death = new Promise<never>((_, reject) => {
      end = reject;
    });
    const never = () => new Promise<never>(() => undefined);
    const die = (error: StateError): Promise<never> => {
      isDead = true;
      end(error);
      return never();
    };
    const intercept: Intercept | undefined =
      call && ((operation, send) => (isDead ? never() : call({ task, operation, send, die })));
    const { accessKeyId } = roles.credentialsFor(roleOf(task));
    return await Promise.race([actingAs({ accessKeyId, intercept }, run), death]);
  }

  /** Lambda's part: JSON both ways, and an error of the handler by its name. */
  #functions(meddle: Meddle): Integration {
    return {
      call: async (call) => {
        const { FunctionName, Payload } = Object(call.arguments);
        const handler = this.#options.handlers[FunctionName];
        if (!handler) throw new Error(`The machine has no function ${FunctionName}`);
        const getRemainingTimeInMillis = () => meddle.remaining?.(FunctionName) ?? muchTimeMilliseconds;
        try {
          const result = await this.#asFunction(FunctionName, meddle, () =>
            handler(Payload, { getRemainingTimeInMillis }),
          );
          return { Payload: JSON.parse(JSON.stringify(result)) };
        } catch (error) {
          if (!(error instanceof Error) || error instanceof StateError) throw error;
          const report = { errorType: error.name, errorMessage: error.message, trace: [] };
          throw new StateError(error.name, JSON.stringify(report));
        }
      },
    };
  }
}

interface ExecutionOptions
  extends Pick<MachineOptions, 'clock' | 'directory' | 'integrationFor' | 'permissions'> {
  readonly machineArn: string;
  readonly machineName: string;
  readonly name: string;
  readonly input: Json;
}

/** One execution, which a test may interrupt and go on with. */
export class Execution {
  readonly arn: string;
  readonly input: Json;
  readonly #definition: MachineDefinition;
  readonly #options: ExecutionOptions;
  readonly #journalFile: string;

  constructor(definition: MachineDefinition, options: ExecutionOptions) {
    const { machineName, name, directory, input } = options;
    this.#definition = definition;
    this.#options = options;
    this.#journalFile = join(directory, `${name}.jsonl`);
    this.arn = `arn:aws:states:${region}:${accountId}:execution:${machineName}:${name}`;
    this.input = input;
  }

  /** Runs to the end, or goes on from where an interrupted run stopped. */
  async run(signal: AbortSignal = new AbortController().signal): Promise<End> {
    const { clock, integrationFor, machineArn, machineName, name, permissions } = this.#options;
    const journal = Journal.open(this.#journalFile, () => clock.now());
    try {
      return await runExecution(
        this.#definition,
        {
          journal,
          clock,
          tokens: new TaskTokens(),
          integrationFor,
          roles: permissions.roles,
          random: Math.random,
          region,
          execution: {
            arn: this.arn,
            name,
            input: this.input,
            roleArn: permissions.roleOf('Workflow'),
            startTime: new Date(clock.now()).toISOString(),
          },
          stateMachine: { arn: machineArn, name: machineName },
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

function readDefinition({ name, eventBus, handlers }: MachineOptions): MachineDefinition {
  const substitutions: Record<string, string> = { EventBusName: eventBus };
  for (const handler of Object.keys(handlers)) substitutions[`${handler}Arn`] = handler;
  const file = `${name}.asl.json`;
  const text = readFileSync(join('state-machines', file), 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    (_, key: string) => {
      const value = substitutions[key];
      if (value === undefined) throw new Error(`${file} has an unknown substitution ${key}`);
      return value;
    },
  );
  return machineDefinitionSchema.parse(JSON.parse(text));
}
