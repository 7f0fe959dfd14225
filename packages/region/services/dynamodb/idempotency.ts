import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { Engine, StoreChange } from './engine.ts';

/** A client request token is good for ten minutes after the call that brought it. */
const tokenLifeMilliseconds = 10 * 60 * 1000;

const prefix = 'transaction~';
const recordSchema = z.strictObject({ digest: z.string(), until: z.number() });

export interface Idempotency {
  /** The very call was made before and succeeded. */
  readonly isRepeat: boolean;
  /** Remembers this call; to be applied with the transaction. */
  readonly changes: readonly StoreChange[];
}

/**
 * Recognises a transaction by its token. Call it within the engine's turn.
 * @throws AwsError `IdempotentParameterMismatchException` if the token came with other actions
 */
export async function idempotencyOf(
  engine: Engine,
  token: string | undefined,
  actions: unknown,
  now: number,
): Promise<Idempotency> {
  if (token === undefined) return { isRepeat: false, changes: [] };
  const digest = createHash('sha256').update(canonicalJson(actions)).digest('hex');
  const stored = await engine.record(prefix + token);
  const earlier = stored === undefined ? undefined : recordSchema.parse(stored);
  if (earlier !== undefined && earlier.until > now) {
    if (earlier.digest === digest) return { isRepeat: true, changes: [] };
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }
  return {
    isRepeat: false,
    changes: [{ type: 'put', key: prefix + token, value: { digest, until: now + tokenLifeMilliseconds } }],
  };
}

/** The same text whatever the order of an object's members, which DynamoDB does not mind (LocalStack 8b9a79f, test_dynamodb_idempotent_writing). */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** Deletes tokens that have lapsed. */
export async function forgetLapsedTokens(engine: Engine, now: number): Promise<void> {
  await engine.exclusively(async () => {
    const changes: StoreChange[] = [];
    for await (const [key, value] of engine.records(prefix))
      if (recordSchema.parse(value).until <= now) changes.push({ type: 'del', key });
    await engine.apply(changes);
  });
}
