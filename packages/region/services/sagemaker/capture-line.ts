import type { DataCaptureConfig } from './data-capture.schema.ts';

/** A request that was answered, or its answer. */
export interface InvocationBody {
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** An invocation, as far as it is captured. */
export interface CapturedInvocation {
  readonly eventId: string;
  /** As the caller gave it. */
  readonly inferenceId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly input: InvocationBody;
  readonly output: InvocationBody;
}

/** One line of a capture file, as SageMaker's data capture writes it. */
export function captureLine(config: DataCaptureConfig, invocation: CapturedInvocation): string {
  const { eventId, inferenceId, at, input, output } = invocation;
  const captures = (mode: 'Input' | 'Output') =>
    config.CaptureOptions.some(({ CaptureMode }) => CaptureMode === mode || CaptureMode === 'InputAndOutput');
  return JSON.stringify({
    captureData: {
      ...(captures('Input') && { endpointInput: { mode: 'INPUT', ...bodyOf(config, input) } }),
      ...(captures('Output') && { endpointOutput: { mode: 'OUTPUT', ...bodyOf(config, output) } }),
    },
    eventMetadata: {
      eventId,
      ...(inferenceId !== undefined && { inferenceId }),
      // SageMaker writes whole seconds.
      inferenceTime: new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    },
    eventVersion: '0',
  });
}

/** Text for the content types that the configuration lists; base64 for every other one. */
function bodyOf(
  { CaptureContentTypeHeader: listed = {} }: DataCaptureConfig,
  { contentType, body }: InvocationBody,
) {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = listed.CsvContentTypes?.includes(type)
    ? 'CSV'
    : listed.JsonContentTypes?.includes(type)
      ? 'JSON'
      : 'BASE64';
  return {
    ...(contentType !== undefined && { observedContentType: contentType }),
    data: body.toString(encoding === 'BASE64' ? 'base64' : 'utf8'),
    encoding,
  };
}
