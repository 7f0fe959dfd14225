import type { Encoding } from '../datasets/encoding.schema.ts';
import { UnencodableValueError } from '../datasets/encoding.ts';
import { parsePredictions, UnreadablePredictionError } from '../datasets/prediction.ts';
import { isOwnInvocation, lineInferenceId } from '../endpoints/inference-ids.ts';
import type { MonitoredRow } from '../windows/monitored.schema.ts';
import { fromLine, fromPrediction, fromRecord, UnreadableCaptureError } from '../windows/monitored-form.ts';
import type { CaptureSource } from './capture-key.ts';
import { captureLineSchema } from './capture-line.schema.ts';
import { type CapturedBody, type EndpointCapture, endpointCaptureSchema } from './endpoint-capture.schema.ts';

/** Why a line, or a row of it, is not a row of a window. */
export const leftOutReasons = {
  /** Not JSON: broken off in the middle, or written by something else. */
  'not-json': 'a line is not JSON, or is truncated',
  /** A line of some megabytes; see `capture-objects.client.ts`. */
  'too-long': 'a line is longer than any capture',
  /** A compressed object ends, or is damaged, before its end. */
  'broken-object': 'an object is damaged or truncated',
  'not-a-capture': 'a line is JSON, but not a capture',
  'another-model': 'a line is of another model',
  'not-a-time': 'a line has an invalid time',
  'not-csv': 'a request or an answer is not CSV',
  'no-answer': 'a request has no answer',
  'unreadable-row': 'a row is not what the model reads',
  'unreadable-answer': 'an answer is not what the model answers',
  /** Answered by a version that is not looked at. No fault. */
  'another-version': 'a prediction was made by another version',
  /** Made by Tidemark: for the prediction function, which captures itself, or as a proof. No fault. */
  'own-invocation': 'an invocation was Tidemark’s own',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;

/** What one line of a capture holds. Nothing is dropped silently: anything else is counted with its reason. */
export interface ReadLine {
  readonly rows: readonly MonitoredRow[];
  /** How many rows, or lines where rows cannot be told, were left out for which reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
}

/** What is read of a model's captures. */
export interface CaptureReading {
  readonly model: string;
  /** Encodings of the versions that are looked at, by number. */
  readonly encodings: ReadonlyMap<number, Encoding>;
}

/** Counts what was left out, by reason. */
export class LeftOutCounts {
  readonly #counts = new Map<string, number>();

  add(leftOut: ReadLine['leftOut']): void {
    for (const [reason, count] of Object.entries(leftOut)) {
      this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
    }
  }

  /** Every reason, also those that never occurred: a report says 0. */
  total(): Record<LeftOutReason, number> {
    const of = (reason: LeftOutReason) => this.#counts.get(reason) ?? 0;
    return {
      'not-json': of('not-json'),
      'too-long': of('too-long'),
      'broken-object': of('broken-object'),
      'not-a-capture': of('not-a-capture'),
      'another-model': of('another-model'),
      'not-a-time': of('not-a-time'),
      'not-csv': of('not-csv'),
      'no-answer': of('no-answer'),
      'unreadable-row': of('unreadable-row'),
      'unreadable-answer': of('unreadable-answer'),
      'another-version': of('another-version'),
      'own-invocation': of('own-invocation'),
    };
  }
}

/**
 * Reads one line of a capture, by the function or by SageMaker. Never throws: a capture may be damaged. Timestamps
 * are kept as given; no decision depends on them.
 */
export function readCaptureLine(text: string, source: CaptureSource, reading: CaptureReading): ReadLine {
  try {
    const json = parseJson(text);
    return source.kind === 'function'
      ? readFunctionLine(json, reading)
      : readInvocation(json, source.version, reading);
  } catch (error) {
    if (error instanceof NoRow) return { rows: [], leftOut: { [error.reason]: 1 } };
    throw error;
  }
}

/** Why there is no row; never leaves this file. */
class NoRow extends Error {
  override readonly name = 'NoRow';

  constructor(readonly reason: LeftOutReason) {
    super(leftOutReasons[reason]);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new NoRow('not-json');
    throw error;
  }
}

function readFunctionLine(json: unknown, { model, encodings }: CaptureReading): ReadLine {
  const parsed = captureLineSchema.safeParse(json);
  if (!parsed.success) throw new NoRow('not-a-capture');
  const { inferenceId, version, record, prediction, time } = parsed.data;
  if (parsed.data.model !== model) throw new NoRow('another-model');
  const encoding = encodings.get(version);
  if (!encoding) throw new NoRow('another-version');
  const values = orNoRow('unreadable-row', () => fromRecord(encoding, record));
  const predicted = orNoRow('unreadable-answer', () => fromPrediction(encoding, prediction));
  return {
    rows: [{ inferenceId, time, version, values: [...values, predicted], prediction, record }],
    leftOut: {},
  };
}

/** One invocation of one or more rows. A row that cannot be read takes no other with it, as each has its own answer. */
function readInvocation(json: unknown, version: number, { encodings }: CaptureReading): ReadLine {
  const parsed = endpointCaptureSchema.safeParse(json);
  if (!parsed.success) throw new NoRow('not-a-capture');
  const { eventMetadata } = parsed.data;
  const requestId = eventMetadata.inferenceId ?? eventMetadata.eventId;
  if (isOwnInvocation(requestId)) throw new NoRow('own-invocation');
  const encoding = encodings.get(version);
  if (!encoding) throw new NoRow('another-version');
  const time = timeOf(eventMetadata.inferenceTime);
  const { lines, answers } = linesAndAnswers(parsed.data, encoding);
  const rows: MonitoredRow[] = [];
  let unreadable = 0;
  for (const [index, line] of lines.entries()) {
    const prediction = answers[index] ?? [];
    const values = readable(() => [...fromLine(encoding, line), fromPrediction(encoding, prediction)]);
    if (values === undefined) {
      unreadable += 1;
      continue;
    }
    const inferenceId = lineInferenceId(requestId, index, lines.length);
    rows.push({ inferenceId, time, version, values, prediction, record: null });
  }
  return { rows, leftOut: unreadable === 0 ? {} : { 'unreadable-row': unreadable } };
}

function linesAndAnswers({ captureData }: EndpointCapture, { problem, target }: Encoding) {
  const { endpointInput, endpointOutput } = captureData;
  if (!endpointInput) throw new NoRow('not-a-capture');
  if (!endpointOutput) throw new NoRow('no-answer');
  const lines = csvOf(endpointInput)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const perRow = problem === 'multiclass' ? target.classes.length : 1;
  const answers = orNoRow('unreadable-answer', () =>
    parsePredictions(csvOf(endpointOutput), lines.length, perRow),
  );
  return { lines, answers };
}

/** SageMaker captures in base64 what is not listed as text; parameters of a content type come after a semicolon. */
function csvOf({ data, encoding, observedContentType = '' }: CapturedBody): string {
  if (encoding === 'CSV') return data;
  const isText = /^text\/csv\b/i.test(observedContentType.trim());
  if (encoding === 'BASE64' && isText) return Buffer.from(data, 'base64').toString('utf8');
  throw new NoRow('not-csv');
}

/** In UTC and to the millisecond, however it was written. */
function timeOf(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new NoRow('not-a-time');
  return new Date(time).toISOString();
}

function orNoRow<T>(reason: LeftOutReason, read: () => T): T {
  const value = readable(read);
  if (value === undefined) throw new NoRow(reason);
  return value;
}

/** `undefined` for what is not as the encoding says. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isUnreadable =
      error instanceof UnreadableCaptureError ||
      error instanceof UnencodableValueError ||
      error instanceof UnreadablePredictionError;
    if (isUnreadable) return undefined;
    throw error;
  }
}
