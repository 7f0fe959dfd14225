import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { parsePredictions, UnreadablePredictionError } from '@tidemark/domain/datasets/prediction.ts';
import {
  type InvalidInputError,
  InvariantError,
  NotFoundError,
  TransientError,
  unreachable,
} from '@tidemark/domain/errors.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';
import { batchLines } from './batch-lines.ts';
import { encodeRecords, InvalidRecordError } from './encode-records.ts';
import type { PredictionRequest } from './predict.schema.ts';
import type { Serving } from './serving.ts';
import { testify, type Witness } from './witnesses.ts';

/** No version of the model can answer now. */
export class NothingServesError extends NotFoundError {
  override readonly name = 'NothingServesError';
}

/** The endpoint is being changed, and no request was answered by the version that it was encoded for. */
export class EndpointChangingError extends TransientError {
  override readonly name = 'EndpointChangingError';
}

/** What is needed to ask a version and to know it by its answers. All of it never changes. */
export interface AskableVersion {
  readonly version: number;
  readonly encoding: Encoding;
  readonly witnesses: readonly Witness[];
}

/** A look at registry and endpoint. */
export interface ServingLook {
  readonly serving: Serving;
}

/** The world, as `answerRequest` sees it. */
export interface Answering<L extends ServingLook> {
  /** @param afresh whether nothing that was seen before may be relied on */
  look(model: string, afresh: boolean): Promise<L>;
  /** Whether nothing has happened to the model since the look. */
  unchangedSince(look: L): Promise<boolean>;
  version(model: string, version: number): Promise<AskableVersion>;
  /** What the endpoint answers to lines of CSV; `refused` when the container does not take them. */
  invoke(model: string, lines: string): Promise<ModelReply>;
}

export type ModelReply =
  | { readonly kind: 'answered'; readonly body: string }
  | { readonly kind: 'refused'; readonly error: InvalidInputError };

/** Predictions, and the version that made all of them. */
export interface VersionedPredictions {
  readonly version: AskableVersion;
  /** Per record: one number, or one per class. */
  readonly predictions: readonly (readonly number[])[];
}

/**
 * When traffic moves between two versions, each attempt names the right one with one half at worst: 10 in a row fail in one
 * request of a thousand, and its caller tries again.
 */
const maximumAttempts = 10;

/**
 * Below the 4 MiB that a serverless endpoint takes, with room for the witnesses. Records that are 6 MB of JSON at most become at
 * most two requests.
 */
const requestBytes = 3_500_000;

/**
 * Predicts, with the encoding of the version that answers. SageMaker does not say which version answered a request, so: while
 * nothing is being deployed, registry and endpoint are looked at before and found unchanged after the answer; while something is,
 * stored rows of the assumed version ride along, and if they are not answered as recorded, another version is assumed.
 * @throws NothingServesError, EndpointChangingError, InvalidRecordError, RowRefusedError
 */
export async function answerRequest<L extends ServingLook>(
  { model, records }: Pick<PredictionRequest, 'model' | 'records'>,
  world: Answering<L>,
): Promise<VersionedPredictions> {
  let refusal: InvalidInputError | undefined;
  for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
    const look = await world.look(model, attempt > 0);
    const settled = look.serving.kind === 'settled';
    const version = await world.version(model, assumedVersion(look.serving, attempt));
    const asked = await ask(model, version, records, settled ? [] : version.witnesses, world);
    if (settled && !(await world.unchangedSince(look))) continue;
    if (asked.kind === 'answered') return { version, predictions: asked.predictions };
    if (asked.kind === 'another-version') continue;
    // Another version may take what this one refuses: it may have other columns, or another type for one of them.
    if (settled) throw asked.error;
    refusal = asked.error;
  }
  if (refusal) throw refusal;
  throw new EndpointChangingError(
    `The endpoint of ${model} is being changed, or was changed outside Tidemark: ${maximumAttempts} requests in a row were ` +
      'answered by another version than they were encoded for. Nothing was predicted; send the records again in a moment. If ' +
      'that does not help, deploy the live version again.',
  );
}

/** The version that an attempt is encoded for. @throws NothingServesError */
export function assumedVersion(serving: Serving, attempt: number): number {
  switch (serving.kind) {
    case 'none':
      throw new NothingServesError(serving.message);
    case 'settled':
      return serving.version;
    case 'changing': {
      const version = serving.versions[attempt % serving.versions.length];
      if (version === undefined) throw new InvariantError('An endpoint that changes has no version.');
      return version;
    }
    default:
      return unreachable(serving);
  }
}

type Asked =
  | { readonly kind: 'answered'; readonly predictions: readonly (readonly number[])[] }
  | { readonly kind: 'another-version' }
  | { readonly kind: 'refused'; readonly error: InvalidInputError };

/** Asks in as few requests as their size allows, one after the other: a serverless endpoint may take only one at a time. */
async function ask(
  model: string,
  { encoding }: AskableVersion,
  records: readonly RawRecord[],
  witnesses: readonly Witness[],
  world: Pick<Answering<ServingLook>, 'invoke'>,
): Promise<Asked> {
  const lines = encoded(encoding, records);
  if (lines instanceof InvalidRecordError) return { kind: 'refused', error: lines };
  const perRow = encoding.problem === 'multiclass' ? encoding.target.classes.length : 1;
  const predictions: number[][] = [];
  for (const batch of batchLines(lines, requestBytes)) {
    const rows = [...witnesses.map(({ features }) => features), ...batch];
    const invoked = await world.invoke(model, rows.join('\n'));
    if (invoked.kind === 'refused') return invoked;
    const answers = readAnswers(invoked.body, rows.length, perRow, witnesses.length > 0);
    if (answers === undefined || !testify(witnesses, answers)) return { kind: 'another-version' };
    predictions.push(...answers.slice(witnesses.length));
  }
  return { kind: 'answered', predictions };
}

function encoded(encoding: Encoding, records: readonly RawRecord[]): string[] | InvalidRecordError {
  try {
    return encodeRecords(encoding, records);
  } catch (error) {
    if (error instanceof InvalidRecordError) return error;
    throw error;
  }
}

/** `undefined` for what cannot be read, if it may be another version's answer, of another number of classes. */
function readAnswers(
  body: string,
  rows: number,
  perRow: number,
  maybeAnothers: boolean,
): number[][] | undefined {
  try {
    return parsePredictions(body, rows, perRow);
  } catch (error) {
    if (maybeAnothers && error instanceof UnreadablePredictionError) return undefined;
    throw error;
  }
}
