import type { IncomingHttpHeaders } from 'node:http';
import { AwsError, unsupported } from '../../aws-error.ts';
import { type HttpAnswer, HttpTimeoutError } from '../../containers/http-call.ts';
import type { Context } from '../sagemaker/context.ts';
import type { EndpointRecord } from '../sagemaker/endpoint-record.schema.ts';
import type { EndpointStates } from '../sagemaker/endpoint-states.ts';
import type { Fleet, ServedVariant } from '../sagemaker/fleet.ts';
import { invocationMetrics } from '../sagemaker/invocation-metrics.ts';

/** `InvokeEndpoint` as it comes in. */
export interface InvokeEndpointRequest {
  readonly endpointName: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Its answer: the container's, with SageMaker's headers. */
export interface InvokeEndpointResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** SageMaker's limits on a request's body, in bytes. */
const LARGEST_REAL_TIME = 6_291_456;
const LARGEST_SERVERLESS = 4 * 1024 ** 2;

/** SageMaker waits so long for a container's answer. */
const TIMEOUT_SECONDS = 60;

/** What an endpoint can have while it answers. */
const ANSWERING = ['InService', 'Updating', 'RollingBack', 'UpdateRollbackFailed'];

const UNSUPPORTED_HEADERS = [
  'x-amzn-sagemaker-target-model',
  'x-amzn-sagemaker-target-container-hostname',
  'x-amzn-sagemaker-inference-component',
  'x-amzn-sagemaker-enable-explanations',
  'x-amzn-sagemaker-session-id',
];

/** Answers an invocation as SageMaker does, errors and metrics included. */
export async function invokeEndpoint(
  context: Context,
  endpoints: EndpointStates,
  request: InvokeEndpointRequest,
): Promise<InvokeEndpointResponse> {
  checkHeaders(request.headers);
  const endpoint = await answeringEndpoint(context, request.endpointName);
  const fleet = endpoints.fleetFor(endpoint);
  const target = headerOf(request.headers, 'x-amzn-sagemaker-target-variant');
  const variant = fleet.variantFor(target);
  if (!variant) throw validationError(`Variant ${target} of endpoint ${endpoint.name} not found.`);
  checkBody(request.body, variant);
  const answer = await measured(context, endpoint, fleet, variant, () => invoke(request, variant));
  capture(endpoints, endpoint, fleet, variant, { request, answer });
  return { headers: responseHeaders(answer, variant, request.headers), body: answer.body };
}

/** Only what was answered is captured: a refusal or a failure is an error of the call. */
function capture(
  endpoints: EndpointStates,
  { name }: EndpointRecord,
  fleet: Fleet,
  { spec }: ServedVariant,
  { request, answer }: { readonly request: InvokeEndpointRequest; readonly answer: HttpAnswer },
): void {
  const { capture: config } = fleet.spec;
  if (!config) return;
  endpoints.capture.add(
    { endpointName: name, variantName: spec.name, config, roleArn: spec.roleArn },
    {
      inferenceId: headerOf(request.headers, 'x-amzn-sagemaker-inference-id'),
      input: { contentType: headerOf(request.headers, 'content-type'), body: request.body },
      output: { contentType: headerOf(answer.headers, 'content-type'), body: answer.body },
    },
  );
}

function checkHeaders(headers: IncomingHttpHeaders): void {
  const unknown = UNSUPPORTED_HEADERS.find((name) => headers[name] !== undefined);
  if (unknown) throw unsupported(`InvokeEndpoint with the header ${unknown}`);
  const inferenceId = headerOf(headers, 'x-amzn-sagemaker-inference-id');
  if (inferenceId !== undefined && !/^.{1,64}$/.test(inferenceId)) {
    throw validationError('InferenceId must have 1 to 64 characters.');
  }
}

async function answeringEndpoint({ tables, accountId }: Context, name: string): Promise<EndpointRecord> {
  const endpoint = await tables.endpoints.get(name);
  // Names are compared exactly here, unlike everywhere else.
  if (endpoint?.name !== name) throw validationError(`Endpoint ${name} of account ${accountId} not found.`);
  if (!ANSWERING.includes(endpoint.status)) {
    throw validationError(
      `Endpoint ${name} of account ${accountId} is ${endpoint.status} and does not answer.`,
    );
  }
  return endpoint;
}

function checkBody(body: Buffer, { spec }: ServedVariant): void {
  const limit = spec.serverless ? LARGEST_SERVERLESS : LARGEST_REAL_TIME;
  if (body.length > limit)
    throw validationError(`The body has ${body.length} bytes; this endpoint takes ${limit}.`);
}

/** The container's answer, or the error that SageMaker makes of it. */
async function invoke(
  request: InvokeEndpointRequest,
  { spec, server, claim }: ServedVariant,
): Promise<HttpAnswer> {
  const release = claim();
  if (!release) throw new AwsError('ThrottlingException', 'Rate exceeded: MaxConcurrency is reached.', 429);
  try {
    const headers = forwardedHeaders(request.headers);
    const answer = await server.invoke({ body: request.body, headers, timeoutSeconds: TIMEOUT_SECONDS });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw modelError(spec.name, answer.status, answer.body.toString('utf8'));
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw modelError(spec.name, 0, noAnswer(error));
  } finally {
    release();
  }
}

function noAnswer(error: unknown): string {
  if (error instanceof HttpTimeoutError)
    return 'Your invocation timed out while waiting for a response from container.';
  return `The container did not answer: ${error instanceof Error ? error.message : String(error)}`;
}

function modelError(variantName: string, status: number, message: string): AwsError {
  const side = status >= 400 && status < 500 ? 'client' : 'server';
  return new AwsError(
    'ModelError',
    `Received ${side} error (${status}) from ${variantName} with message "${message}".`,
    424,
    { OriginalStatusCode: status, OriginalMessage: message },
  );
}

function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const names = [
    'content-type',
    'accept',
    'x-amzn-sagemaker-custom-attributes',
    'x-amzn-sagemaker-inference-id',
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headerOf(headers, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function responseHeaders(
  answer: HttpAnswer,
  { spec }: ServedVariant,
  sent: IncomingHttpHeaders,
): Record<string, string> {
  const attributes = headerOf(answer.headers, 'x-amzn-sagemaker-custom-attributes');
  const inferenceId = headerOf(sent, 'x-amzn-sagemaker-inference-id');
  return {
    'content-type': headerOf(answer.headers, 'content-type') ?? 'application/octet-stream',
    'x-amzn-invoked-production-variant': spec.name,
    ...(attributes !== undefined && { 'x-amzn-sagemaker-custom-attributes': attributes }),
    ...(inferenceId !== undefined && { 'x-amzn-sagemaker-inference-id': inferenceId }),
  };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Publishes what an invocation took and how it ended. */
async function measured(
  { time, metrics }: Context,
  endpoint: EndpointRecord,
  fleet: Fleet,
  variant: ServedVariant,
  answer: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const begun = performance.now();
  const publish = (status: number) =>
    metrics.put(
      invocationMetrics({
        endpointName: endpoint.name,
        variantName: variant.spec.name,
        endpointConfigName: fleet.spec.configName,
        status,
        modelMilliseconds: performance.now() - begun,
        at: time.now(),
      }),
    );
  try {
    const answered = await answer();
    await publish(answered.status);
    return answered;
  } catch (error) {
    await publish(statusOf(error));
    throw error;
  }
}

/** What counts for error metrics: what the container answered; without an answer, a server error. */
function statusOf(error: unknown): number {
  if (!(error instanceof AwsError)) return 500;
  const original = error.members.OriginalStatusCode;
  if (typeof original !== 'number') return error.statusCode;
  return original === 0 ? 500 : original;
}
