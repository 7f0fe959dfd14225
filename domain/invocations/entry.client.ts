import { environmentSchema } from '../environment.schema.ts';
import { fullDisk } from './full-disk.ts';
import type { InvocationSubject } from './invocation-line.schema.ts';
import { executionOf, type InvocationFacts, invocationLine } from './invocation-line.ts';
import { writeLine } from './log.client.ts';
import type { Told } from './outcome.ts';
import { printable } from './thrown.ts';

/** What is used of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis(): number;
}

/** A function of ours: parse, run, say how it ended. */
interface EntryOptions<Input, Result> {
  readonly capability: string;
  /** As its file, without `.lambda.ts`. */
  readonly name: string;
  /** What it takes: a schema, or anything that reads the event likewise. */
  readonly input: { parse(event: unknown): Input };
  /** What it is about, as far as the input tells. */
  subject(input: Input): InvocationSubject;
  run(input: Input, context: InvocationContext): Promise<Result>;
  /** How it ended, of a result; an error is `failed` by itself. */
  told(result: Result): Told;
}

type Handler<Result> = (event: unknown, context?: InvocationContext) => Promise<Result>;

/** Called as a function, and not by Lambda, it has all the time. */
const outsideLambda: InvocationContext = { getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY };

const settingsSchema = environmentSchema.pick({ STAGE: true, CODE_VERSION: true });

/**
 * Makes the handler of a function. Each invocation writes exactly one line into the function's log, however it ends, unless Lambda ends the
 * process: then only Lambda's own line tells. No handler is made without it, and nothing else logs but metrics of ours.
 */
export function entry<Input, Result>(options: EntryOptions<Input, Result>): Handler<Result> {
  const { STAGE: stage, CODE_VERSION: codeVersion } = settingsSchema.parse(process.env);
  const constant = { stage, capability: options.capability, function: options.name, codeVersion };
  return async (event, context = outsideLambda) => {
    const began = performance.now();
    let subject: InvocationSubject = {};
    const facts = (): InvocationFacts => ({
      ...constant,
      requestId: context.awsRequestId,
      executionArn: executionOf(event),
      subject,
      milliseconds: Math.round(performance.now() - began),
    });
    try {
      const input = options.input.parse(event);
      subject = options.subject(input);
      const result = await options.run(input, context);
      writeLine(invocationLine(facts(), { told: options.told(result) }));
      return result;
    } catch (caught) {
      const error = fullDisk(caught) ?? caught;
      writeLine(invocationLine(facts(), { error }));
      throw printable(error);
    }
  };
}
