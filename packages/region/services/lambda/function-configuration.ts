/** A function as its template describes it. */
export interface FunctionConfiguration {
  readonly name: string;
  /** Where the unpacked code is: the function's `/var/task`. */
  readonly codeDirectory: string;
  /** File and export, such as `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly roleArn: string;
  /** Where the CDK made it: `<stack>/Train/Prepare/Function/Resource`. */
  readonly constructPath?: string;
  /** Where its log goes in AWS; `/aws/lambda/<name>` unless told. */
  readonly logGroup?: string;
  /** Retries of an asynchronous invocation that fails; 2 unless told, as in AWS. */
  readonly maximumRetryAttempts?: number;
  /** SQS queue that gets a record of each asynchronous invocation that failed for good. */
  readonly onFailureArn?: string;
  /** SQS queue that gets the event of each asynchronous invocation that failed for good. */
  readonly deadLetterArn?: string;
}

/** What a function answered. */
export interface InvocationResult {
  readonly requestId: string;
  /** JSON text: the result, or the report of an error. */
  readonly payload: string;
  /** AWS's `X-Amz-Function-Error`: present when the payload reports an error. */
  readonly functionError?: 'Unhandled';
  /** Where the process was ended, or ended by itself: what Lambda prints of it, and how REPORT ends then. */
  readonly ended?: { readonly message: string; readonly status: string };
}

/** An error of a function, as Lambda reports it to the caller. */
export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export const failedInvocation = (requestId: string, report: ErrorReport): InvocationResult => ({
  requestId,
  payload: JSON.stringify(report),
  functionError: 'Unhandled',
});
