import {
  type FunctionConfiguration,
  failedInvocation,
  type InvocationResult,
} from './function-configuration.ts';

/** Runs one function, one invocation at a time, until it is retired, times out or crashes. */
export interface FunctionWorker {
  readonly configuration: FunctionConfiguration;
  /** False when it has ended or was told to: no invocation may be given to it. */
  readonly isAlive: boolean;
  /** Memory of its own that it held at the end of its last invocation, in bytes; 0 before. */
  readonly memoryBytes: number;
  /** Runs one invocation. Never rejects: whatever goes wrong is reported as Lambda reports it. */
  invoke(payload: string, requestId: string): Promise<InvocationResult>;
  retire(): Promise<void>;
}

/** What a handler gets beside its event, as far as the region knows it. */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** AWS's limit of what a function may return synchronously, in bytes. */
const largestResponseBytes = 6 * 1024 * 1024;

/** The result, or the error that Lambda makes of one that is too large. */
export function withinLimit(result: InvocationResult): InvocationResult {
  if (Buffer.byteLength(result.payload) <= largestResponseBytes) return result;
  return failedInvocation(result.requestId, {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${largestResponseBytes} bytes).`,
    trace: [],
  });
}
