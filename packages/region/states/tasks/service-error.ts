import { StateError } from '../state-error.ts';
import { SdkFailure } from './sdk.client.ts';

/** How an integration names its errors. */
export interface ErrorStyle {
  /** Before the dot: `SageMaker`. */
  readonly prefix: string;
  /** After the dot, for errors that the service's model does not name: validation and throttling, most of the time. */
  readonly general: string;
  /** In the cause: `AmazonSageMaker`. */
  readonly service: string;
  readonly isSdk: boolean;
}

/** `aws-sdk` integrations: `SageMaker.SageMakerException` and `SageMaker.ResourceInUseException`. */
export const sdkErrors = (name: string): ErrorStyle => ({
  prefix: name,
  general: `${name}Exception`,
  service: name,
  isSdk: true,
});

/** The optimised integrations, which use AWS's older SDK and its names. */
export const optimisedErrors = {
  dynamodb: optimised('DynamoDB', 'AmazonDynamoDBException', 'AmazonDynamoDBv2'),
  events: optimised('EventBridge', 'AmazonEventBridgeException', 'AmazonEventBridge'),
  lambda: optimised('Lambda', 'AWSLambdaException', 'AWSLambda'),
  sagemaker: optimised('SageMaker', 'AmazonSageMakerException', 'AmazonSageMaker'),
  states: optimised('StepFunctions', 'AWSStepFunctionsException', 'AWSStepFunctions'),
} as const;

function optimised(prefix: string, general: string, service: string): ErrorStyle {
  return { prefix, general, service, isSdk: false };
}

/** Runs a call and gives what it throws the error name and the cause that AWS gives. */
export async function withErrorNames<Result>(
  style: ErrorStyle,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof SdkFailure ? stateError(style, error) : error;
  }
}

function stateError(style: ErrorStyle, failure: SdkFailure): StateError {
  const { prefix, general } = style;
  if (failure.statusCode === undefined) {
    return new StateError(`${prefix}.SdkClientException`, `Unable to execute HTTP request: ${failure.text}`);
  }
  // Every exception of AWS's Java SDKs ends on `Exception`, also where the service's model says `ResourceInUse`.
  const name = failure.modelled?.replace(/(Exception)?$/, 'Exception') ?? general;
  return new StateError(`${prefix}.${name}`, `${failure.text} ${origin(style, failure)}`);
}

function origin({ isSdk, service }: ErrorStyle, { statusCode, code, requestId }: SdkFailure): string {
  return isSdk
    ? `(Service: ${service}, Status Code: ${statusCode}, Request ID: ${requestId}) (SDK Attempt Count: 1)`
    : `(Service: ${service}; Status Code: ${statusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`;
}
