import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../packages/region/clock.ts';
import type { Roles } from '../../packages/region/gateway/roles.ts';
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
import { accountId, region } from './services.ts';

/** The roles that a capability's functions and its state machine act under. */
export interface CapabilityRoles {
  readonly roles: Roles;
  /** @param construct such as `RecordRollback`, or `Workflow` for the state machine. @throws Error when it has no role */
  roleOf(construct: string): string;
}

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
  /** Such as `tidemark-dev-deploy`. */
  readonly name: string;
  readonly arn: string;
  /** As it is deployed: JSON text. */
  readonly definition: string;
  /** How tests call a function of this ARN, such as `RecordRollback`. */
  nameOf(functionArn: string): string;
  handlerOf(name: string): Promise<Handler>;
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

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#definition = machineDefinitionSchema.parse(JSON.parse(options.definition));
    this.arn = options.arn;
    mkdirSync(options.directory, { recursive: true });
  }

  /** An execution that has not begun. */
  execution(input: unknown, meddle: Meddle = {}): Execution {
    this.#executions += 1;
    return new Execution(this.#definition, {
      ...this.#options,
      machineArn: this.arn,
      machineName: this.#options.name,
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
      call: async (call) => {
        const task = this.#taskOf(call);
        await meddle.before?.(task, call.arguments);
        const send = () => real.call(call);
        const isDirect = resource.service !== 'lambda';
        const result = await (isDirect && meddle.direct ? meddle.direct({ resource, send }) : send());
        await meddle.after?.(task);
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

  /** The function or the action. */
  #taskOf({ resource, arguments: given }: TaskCall): string {
    const { FunctionName } = Object(given);
    return typeof FunctionName === 'string' ? this.#options.nameOf(FunctionName) : resource.action;
  }

  /** Lambda's part: JSON both ways, and an error of the handler by its name. */
  #functions(meddle: Meddle): Integration {
    return {
      call: async (call) => {
        const { FunctionName, Payload } = Object(call.arguments);
        const { roles, roleOf } = this.#options.permissions;
        roles.demand(roleOf('Workflow'), [{ action: 'lambda:InvokeFunction', resource: FunctionName }]);
        const name = this.#taskOf(call);
        const handler = await this.#options.handlerOf(name);
        const getRemainingTimeInMillis = () => meddle.remaining?.(name) ?? muchTimeMilliseconds;
        try {
          const result = await this.#asFunction(name, meddle, () =>
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
