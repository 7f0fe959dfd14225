import * as z from 'zod';

const metadataSchema = z.looseObject({ httpStatusCode: z.number().optional() });
const streamSchema = z.custom<{ transformToString(): Promise<string> }>(
  (value) => typeof Object(value).transformToString === 'function',
);
const errorSchema = z.looseObject({ name: z.string(), message: z.string(), $metadata: metadataSchema });

/** The error of a request that an implementation has answered. */
export interface ErrorAnswer {
  readonly error: string;
  readonly status: number | undefined;
  readonly message: string;
  /** What else the error says: `CancellationReasons`, `Item`. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** What the SDK puts into an error itself, or what differs from request to request. */
const incidental = new Set(['name', 'message', 'stack', 'Code', 'Type', 'Error', '__type', 'Message']);

/** An output without what the SDK adds; content is read. */
export async function answerOf(output: object): Promise<unknown> {
  const { $metadata, Body, ...members } = Object(output);
  const status = metadataSchema.parse($metadata).httpStatusCode;
  const stream = streamSchema.safeParse(Body);
  return { status, ...members, ...(stream.success && { Body: await stream.data.transformToString() }) };
}

/** @throws the error itself, if no implementation has answered it: the SDK refused the request, or nothing listens */
export function errorAnswerOf(error: unknown, label: string): ErrorAnswer {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success || parsed.data.$metadata.httpStatusCode === undefined)
    throw new Error(`The request '${label}' was not answered.`, { cause: error });
  const { name, message, $metadata } = parsed.data;
  const members = Object.entries(Object(error)).filter(
    ([key]) => !key.startsWith('$') && !incidental.has(key),
  );
  return {
    error: name,
    status: $metadata.httpStatusCode,
    message,
    members: Object.fromEntries(members),
  };
}
