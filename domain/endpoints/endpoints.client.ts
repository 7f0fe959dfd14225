import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
  DescribeModelCommand,
  SageMakerClient,
  SageMakerServiceException,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import * as z from 'zod';
import { InvalidInputError, TransientError } from '../errors.ts';
import { type Endpoint, endpointStatuses, type ServedModel } from './endpoint.ts';

/** The container behind an endpoint refused a row: it does not understand what it is sent. */
export class RowRefusedError extends InvalidInputError {
  override readonly name = 'RowRefusedError';
}

/** What a description must hold for us; anything else is not an endpoint of ours. */
const describedSchema = z.object({
  EndpointStatus: z.enum(endpointStatuses),
  EndpointConfigName: z.string(),
  PendingDeploymentSummary: z.object({ EndpointConfigName: z.string() }).optional(),
});

/** SageMaker endpoints, as they are and as they answer. */
export class Endpoints {
  readonly #sagemaker: SageMakerClient;
  readonly #runtime: SageMakerRuntimeClient;

  constructor(sagemaker = new SageMakerClient({}), runtime = new SageMakerRuntimeClient({})) {
    this.#sagemaker = sagemaker;
    this.#runtime = runtime;
  }

  /** The endpoint as it is now, or `null` if there is none. */
  async describe(endpointName: string): Promise<Endpoint | null> {
    try {
      return endpointFrom(
        await this.#sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })),
      );
    } catch (error) {
      if (isNotFound(error)) return null;
      throw translate(error);
    }
  }

  /** Name of the SageMaker model that an endpoint configuration serves, or `null` if there is no such configuration. */
  async modelServedBy(endpointConfigName: string): Promise<string | null> {
    try {
      const { ProductionVariants } = await this.#sagemaker.send(
        new DescribeEndpointConfigCommand({ EndpointConfigName: endpointConfigName }),
      );
      return ProductionVariants?.[0]?.ModelName ?? null;
    } catch (error) {
      if (isNotFound(error)) return null;
      throw translate(error);
    }
  }

  /** What a SageMaker model is made of, or `null` if there is none of that name. */
  async describeModel(modelName: string): Promise<ServedModel | null> {
    try {
      const { PrimaryContainer } = await this.#sagemaker.send(
        new DescribeModelCommand({ ModelName: modelName }),
      );
      return {
        image: PrimaryContainer?.Image ?? null,
        artifactUrl: PrimaryContainer?.ModelDataUrl ?? null,
      };
    } catch (error) {
      if (isNotFound(error)) return null;
      throw translate(error);
    }
  }

  /**
   * What the endpoint answers to rows, lines of CSV.
   * @param inferenceId what SageMaker captures the request under, see `inference-ids.ts`
   * @throws RowRefusedError when the container answers 4xx; TransientError when it, or SageMaker, may answer later.
   */
  async invoke(endpointName: string, rows: string, inferenceId: string): Promise<string> {
    try {
      const { Body } = await this.#runtime.send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: 'text/csv',
          Accept: 'text/csv',
          InferenceId: inferenceId,
          Body: rows,
        }),
      );
      return Body.transformToString();
    } catch (error) {
      throw translate(error);
    }
  }
}

function endpointFrom(description: DescribeEndpointOutput): Endpoint {
  const { EndpointStatus, EndpointConfigName, PendingDeploymentSummary } = describedSchema.parse(description);
  const variant = description.ProductionVariants?.[0];
  const serverless = variant?.CurrentServerlessConfig ?? variant?.DesiredServerlessConfig;
  return {
    status: EndpointStatus,
    endpointConfigName: EndpointConfigName,
    pendingConfigName: PendingDeploymentSummary?.EndpointConfigName ?? null,
    kind: serverless === undefined ? 'instance' : 'serverless',
    failureReason: description.FailureReason ?? null,
    resolvedImage: variant?.DeployedImages?.[0]?.ResolvedImage ?? null,
  };
}

/** SageMaker has no "not found" for these: it calls the request invalid and says why in words. */
function isNotFound(error: unknown): boolean {
  return (
    error instanceof SageMakerServiceException &&
    error.name === 'ValidationException' &&
    /could not find/i.test(error.message)
  );
}

/** Answers that may be different in a moment as ours; every other error stays what it is. */
function translate(error: unknown): unknown {
  if (error instanceof ModelError) return fromContainer(error);
  if (error instanceof SageMakerServiceException || error instanceof SageMakerRuntimeServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    if (status >= 500 || status === 429 || /throttl|not.?ready/i.test(error.name)) {
      return new TransientError(`SageMaker cannot answer now (${error.name}): ${error.message}`);
    }
  }
  return error;
}

/** SageMaker passes a container's refusal on as HTTP 424 with what the container answered. */
function fromContainer(error: ModelError): Error {
  const status = error.OriginalStatusCode ?? 500;
  const said = `the model's container answered HTTP ${status}: ${error.OriginalMessage ?? error.message}`;
  if (status >= 400 && status < 500) return new RowRefusedError(said);
  return new TransientError(said);
}
