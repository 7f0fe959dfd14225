import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, unsupported } from '../../aws-error.ts';
import type { Clock } from '../../clock.ts';
import type { Roles } from '../../gateway/roles.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import { AsyncQueue } from './async-queue.ts';
import { CallerWorker, type RunFunction } from './caller-worker.ts';
import { FailedEvents } from './failed-events.client.ts';
import type { FunctionConfiguration, InvocationResult } from './function-configuration.ts';
import { FunctionLogs } from './function-logs.ts';
import { FunctionVersions } from './function-versions.ts';
import type { FunctionWorker } from './function-worker.ts';
import { Worker } from './worker.ts';
import { type PoolLimits, WorkerPool } from './worker-pool.ts';

export interface LambdaOptions {
  /** Where logs, temporary files and waiting events are kept. */
  readonly directory: string;
  /** The gateway's endpoint, once it listens; functions get it as `AWS_ENDPOINT_URL`. */
  readonly endpoint: () => string;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** A folder of modules: what layers hold for AWS (built for linux-arm64) comes from there. */
  readonly layerModules?: string;
  readonly limits?: Partial<PoolLimits>;
  /** Runs invocations in the place of a process for each function. */
  readonly runFunction?: RunFunction;
  /** Told of every line that a function prints. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Told of faults of the local region itself. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

/**
 * Two at once keep a laptop usable. Of the others those used last stay warm, as long as they hold no more than two small ones do (some 80 MB
 * each, half of which is Node.js itself), for half a minute: what has read data holds twice as much, and little of it comes back sooner.
 */
const defaultLimits: PoolLimits = { concurrency: 2, workers: 4, idleSeconds: 30, idleMegabytes: 160 };

const queueArn = /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w.-]+$/;

/** The region's functions and everything that runs them. */
export class Functions {
  readonly #options: LambdaOptions;
  readonly #logs: FunctionLogs;
  readonly #pool: WorkerPool;
  /** Invocations that run at the same time, over all functions. */
  readonly concurrency: number;
  readonly #queue: AsyncQueue;
  readonly #failedEvents: FailedEvents;
  readonly #configurations = new Map<string, FunctionConfiguration>();
  readonly #versions: FunctionVersions;

  constructor(options: LambdaOptions) {
    this.#options = options;
    // What workers of a region that was killed left behind.
    rmSync(join(options.directory, 'tmp'), { recursive: true, force: true });
    this.#versions = new FunctionVersions(join(options.directory, 'versions'));
    this.#logs = new FunctionLogs(options.directory, options.onLog);
    this.#failedEvents = new FailedEvents(options);
    const limits = { ...defaultLimits, ...options.limits };
    this.concurrency = limits.concurrency;
    this.#pool = new WorkerPool(limits, (configuration) => this.#startWorker(configuration));
    this.#queue = new AsyncQueue({
      directory: options.directory,
      clock: options.clock,
      maximumRetries: (name) => {
        const configuration = this.#configurations.get(name);
        return configuration && (configuration.maximumRetryAttempts ?? 2);
      },
      invoke: ({ functionName, payload, requestId }) =>
        this.#invoke(this.get(functionName), payload, requestId),
      giveUp: (event, result) =>
        this.#failedEvents.send(this.get(event.functionName), this.arn(event.functionName), event, result),
      onFault: options.onFault ?? (() => undefined),
    });
  }

  /** Creates a function, or replaces the one of that name. Returns its ARN. */
  async create(configuration: FunctionConfiguration): Promise<string> {
    for (const arn of [configuration.onFailureArn, configuration.deadLetterArn]) {
      if (arn !== undefined && !queueArn.test(arn))
        throw unsupported(`${arn} for failed events, only SQS queues`);
    }
    this.#assertRole(configuration);
    this.#configurations.set(configuration.name, configuration);
    await this.#pool.retire(configuration.name);
    return this.arn(configuration.name);
  }

  /** With its versions. */
  async delete(name: string): Promise<void> {
    this.#versions.deleteAll(name);
    this.#configurations.delete(this.get(name).name);
    await this.#pool.retire(name);
  }

  /** Keeps the function as it is now. @returns the version, the same for the same key */
  publish(name: string, key: string): string {
    return this.#versions.publish(this.get(name), key);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string, version?: string): FunctionConfiguration {
    const configuration =
      version === undefined || version === '$LATEST'
        ? this.#configurations.get(name)
        : this.#versions.find(name, version);
    if (configuration) return configuration;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name, version)}`, 404);
  }

  arn(name: string, version?: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:lambda:${region}:${accountId}:function:${name}${version === undefined ? '' : `:${version}`}`;
  }

  /** Invokes and waits. An error of the function is part of the result. */
  invoke(name: string, payload: string, version?: string): Promise<InvocationResult> {
    return this.#invoke(this.get(name, version), payload, randomUUID());
  }

  /** Takes an event that is invoked later, with retries. Returns its request id. */
  invokeLater(name: string, payload: string): string {
    const { name: functionName } = this.get(name);
    const requestId = randomUUID();
    this.#queue.add({ requestId, functionName, payload });
    return requestId;
  }

  /** Takes up the events that an earlier run left. Call it when the functions exist. */
  resume(): void {
    this.#queue.resume();
  }

  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#pool.close()]);
  }

  #invoke(
    configuration: FunctionConfiguration,
    payload: string,
    requestId: string,
  ): Promise<InvocationResult> {
    return this.#pool.use(configuration, (worker) => worker.invoke(payload, requestId));
  }

  #assertRole({ name, roleArn }: FunctionConfiguration): void {
    try {
      this.#options.roles.assume(roleArn, 'lambda.amazonaws.com', this.arn(name));
    } catch (error) {
      if (!(error instanceof AccessDeniedError)) throw error;
      throw new AwsError(
        'InvalidParameterValueException',
        `The role defined for the function cannot be assumed by Lambda. (${error.message})`,
      );
    }
  }

  /** Lambda writes a function's log as its role. A role that may not loses it, and the function runs all the same. */
  #mayLog({ name, logGroup = `/aws/lambda/${name}`, roleArn }: FunctionConfiguration): void {
    const { region, accountId, roles } = this.#options;
    const resource = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:local`;
    const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    roles.isAllowed(
      roleArn,
      actions.map((action) => ({ action, resource })),
    );
  }

  #startWorker(configuration: FunctionConfiguration): FunctionWorker {
    const { directory, endpoint, roles, region, layerModules, clock, runFunction } = this.#options;
    this.#mayLog(configuration);
    const { accessKeyId, secretAccessKey } = roles.credentialsFor(configuration.roleArn);
    const environment = {
      AWS_ENDPOINT_URL: endpoint(),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(layerModules !== undefined && { NODE_PATH: layerModules }),
    };
    const shared = {
      functionArn: this.arn(configuration.name),
      clock,
      log: (line: string) => this.#logs.write(configuration.name, line),
    };
    if (runFunction)
      return new CallerWorker(configuration, {
        ...shared,
        run: runFunction,
        environment: {
          ...configuration.environment,
          ...environment,
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
        },
      });
    const temporaryDirectory = join(directory, 'tmp', randomUUID());
    return new Worker(configuration, { ...shared, temporaryDirectory, environment });
  }
}
