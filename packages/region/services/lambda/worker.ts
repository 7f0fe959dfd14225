import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../clock.ts';
import {
  type FunctionConfiguration,
  failedInvocation,
  type InvocationResult,
} from './function-configuration.ts';
import { type FunctionWorker, type LambdaContext, withinLimit } from './function-worker.ts';
import { type WorkerMessage, workerMessageSchema } from './worker.schema.ts';

const runtimeFile = fileURLToPath(new URL('runtime.mjs', import.meta.url));

/** V8 keeps some memory beside the heap; the rest of the function's memory is the heap's. */
const heapShare = 0.9;

export interface WorkerOptions {
  /** Directory for this worker alone; removed with it. */
  readonly temporaryDirectory: string;
  /** Environment that the region gives: endpoint, credentials, region, where layers are. */
  readonly environment: Readonly<Record<string, string>>;
  readonly functionArn: string;
  /** Ends an invocation whose time is over. */
  readonly clock: Clock;
  readonly log: (text: string) => void;
}

/** A message, or that there will be none: the process has ended, or the invocation's time is over. */
type Heard = WorkerMessage | 'exited' | 'overdue';

/** A process that runs one function, one invocation at a time, until it is retired, times out or crashes. */
export class Worker implements FunctionWorker {
  readonly configuration: FunctionConfiguration;
  readonly #options: WorkerOptions;
  readonly #process: ChildProcess;
  readonly #logStream =
    `${new Date().toISOString().slice(0, 10)}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  readonly #exited: Promise<void>;
  #isAlive = true;
  #memoryBytes = 0;
  #hear: (message: Heard) => void = () => undefined;
  #started: Promise<Heard>;

  constructor(configuration: FunctionConfiguration, options: WorkerOptions) {
    this.configuration = configuration;
    this.#options = options;
    mkdirSync(options.temporaryDirectory, { recursive: true });
    this.#process = fork(runtimeFile, [], {
      cwd: configuration.codeDirectory,
      env: this.#environment(),
      execArgv: [`--max-old-space-size=${Math.floor(configuration.memoryMegabytes * heapShare)}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#started = this.#next();
    this.#process.on('message', (message) => this.#hear(workerMessageSchema.parse(message)));
    this.#exited = new Promise((resolve) => {
      const end = () => {
        this.#isAlive = false;
        rmSync(options.temporaryDirectory, { recursive: true, force: true });
        this.#hear('exited');
        resolve();
      };
      this.#process.once('exit', end);
      // The process could not be started at all, or not be told something.
      this.#process.once('error', (error) => {
        options.log(`The worker process failed: ${error.message}`);
        end();
      });
    });
    forwardLines(this.#process.stdout, options.log);
    forwardLines(this.#process.stderr, options.log);
  }

  /** False when the process has ended or was told to: no invocation may be given to it. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** What the process held at the end of its last invocation; 0 before. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Runs one invocation. Never rejects: whatever goes wrong is reported as Lambda reports it. */
  async invoke(payload: string, requestId: string): Promise<InvocationResult> {
    const { timeoutSeconds, memoryMegabytes } = this.configuration;
    const { log, clock } = this.#options;
    const begin = Date.now();
    log(`START RequestId: ${requestId} Version: $LATEST`);
    const answered = new AbortController();
    clock.until(clock.now() + timeoutSeconds * 1000, answered.signal).then(
      () => this.#hear('overdue'),
      () => undefined,
    );
    const result = await this.#run(payload, requestId, begin + timeoutSeconds * 1000);
    answered.abort();
    const { ended } = result;
    if (ended) log(ended.message);
    log(`END RequestId: ${requestId}`);
    const used = Math.round(this.#memoryBytes / 1024 ** 2);
    log(
      `REPORT RequestId: ${requestId} Duration: ${Date.now() - begin} ms Memory Size: ${memoryMegabytes} MB Memory Used: ${used} MB${ended ? ` ${ended.status}` : ''}`,
    );
    return result;
  }

  /** Ends the process. */
  async retire(): Promise<void> {
    this.#isAlive = false;
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  async #run(payload: string, requestId: string, deadline: number): Promise<InvocationResult> {
    const started = await this.#started;
    if (started === 'overdue') return this.#overdue(requestId);
    if (started === 'exited') return this.#crashed(requestId);
    if (started.type === 'failed-start') {
      await this.retire();
      const { errorType, errorMessage } = started.report;
      return {
        ...failedInvocation(requestId, started.report),
        ended: {
          message: `Uncaught Exception ${errorMessage}`,
          status: `Status: error Error Type: ${errorType}`,
        },
      };
    }
    const answered = this.#next();
    this.#process.send({ payload, deadline, context: this.#context(requestId) });
    const answer = await answered;
    if (answer === 'overdue') return this.#overdue(requestId);
    if (answer === 'exited') return this.#crashed(requestId);
    if ('memoryBytes' in answer) this.#memoryBytes = answer.memoryBytes;
    if (answer.type === 'error') return failedInvocation(requestId, answer.report);
    if (answer.type !== 'result') throw new Error(`A Lambda worker said '${answer.type}' out of turn.`);
    return withinLimit({ requestId, payload: answer.payload });
  }

  async #overdue(requestId: string): Promise<InvocationResult> {
    await this.retire();
    const message = `Task timed out after ${this.configuration.timeoutSeconds.toFixed(2)} seconds`;
    const errorMessage = `RequestId: ${requestId} Error: ${message}`;
    return {
      ...failedInvocation(requestId, { errorType: 'Sandbox.Timedout', errorMessage }),
      ended: { message: `${requestId} ${message}`, status: 'Status: timeout' },
    };
  }

  #crashed(requestId: string): InvocationResult {
    const { exitCode, signalCode } = this.#process;
    const how = signalCode === null ? `exit status ${exitCode}` : `signal: ${signalCode}`;
    const errorType = 'Runtime.ExitError';
    const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${how}`;
    return {
      ...failedInvocation(requestId, { errorType, errorMessage }),
      ended: { message: `${errorMessage} ${errorType}`, status: `Status: error Error Type: ${errorType}` },
    };
  }

  /** The next thing that is heard of the process. */
  #next(): Promise<Heard> {
    return new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  #context(requestId: string): LambdaContext {
    const { name, memoryMegabytes } = this.configuration;
    return {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: this.#options.functionArn,
      memoryLimitInMB: String(memoryMegabytes),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: this.#logStream,
    };
  }

  /** Only what the template and the region give; of the laptop's own environment, where programs are. */
  #environment(): NodeJS.ProcessEnv {
    const { name, handler, codeDirectory, environment, memoryMegabytes } = this.configuration;
    return {
      PATH: process.env.PATH,
      TZ: 'UTC',
      // The laptop's Node.js may be older than the runtime's; what the SDK thinks of it is no news in every log.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // The SDK must not find the developer's own profile, nor look for a machine's role.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
      ...this.#options.environment,
      TMPDIR: this.#options.temporaryDirectory,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: codeDirectory,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: this.#logStream,
    };
  }
}

/** Hands on whole lines, and what is left at the end. */
function forwardLines(stream: Readable | null, log: (text: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(line);
  });
  stream?.on('end', () => {
    if (rest !== '') log(rest);
  });
}
