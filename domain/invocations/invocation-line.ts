import * as z from 'zod';
import { type InvocationLine, type InvocationSubject, subjectShape } from './invocation-line.schema.ts';
import type { Told } from './outcome.ts';
import { errorCode, errorName } from './thrown.ts';

/** What is known of an invocation whatever it gives. */
export type InvocationFacts = Pick<
  InvocationLine,
  'stage' | 'capability' | 'function' | 'codeVersion' | 'milliseconds'
> & {
  readonly requestId: string | undefined;
  readonly executionArn: string | undefined;
  readonly subject: InvocationSubject;
};

type Ending = { readonly told: Told } | { readonly error: unknown };

/** The line for an invocation. Text from outside is in it as names only: the model, ids and keys. */
export function invocationLine(
  { subject: asked, ...facts }: InvocationFacts,
  ending: Ending,
): InvocationLine {
  if ('error' in ending) {
    const { error } = ending;
    return present({
      ...facts,
      ...known(asked),
      outcome: 'failed',
      code: errorCode(error),
      errorName: errorName(error),
    });
  }
  const { outcome, code, message, subject } = ending.told;
  return present({ ...facts, ...known(asked), ...known(subject), outcome, code, message });
}

/** The fields of a subject that are known, and no others, whatever the object has besides. */
function known(subject: InvocationSubject = {}): Partial<InvocationLine> {
  const fields = Object.keys(subjectShape) as (keyof InvocationSubject)[];
  return Object.fromEntries(
    fields.flatMap((field) => (subject[field] == null ? [] : [[field, subject[field]]])),
  );
}

/** Without what is absent. */
function present(
  fields: { readonly [F in keyof InvocationLine]: InvocationLine[F] | undefined },
): InvocationLine {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as InvocationLine;
}

/** State machines say with every invocation which execution it is of. */
const invokedBySchema = z.object({
  invokedBy: z.string().regex(/^arn:[\w-]+:states:[\w-]+:\d+:\w+:[\w:/-]+$/),
});

/** The execution that invokes a function with this payload; `undefined`: another caller. */
export function executionOf(payload: unknown): string | undefined {
  return invokedBySchema.safeParse(payload).data?.invokedBy;
}
