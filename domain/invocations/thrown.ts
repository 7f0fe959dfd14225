import * as z from 'zod';
import {
  ConflictError,
  InvalidInputError,
  InvariantError,
  NotFoundError,
  TransientError,
} from '../errors.ts';
import { foreignErrors } from '../executions/failure.ts';

/** Families of errors, as a log line's `code` has them. */
export type ErrorCode =
  | 'invalid-input'
  | 'not-found'
  | 'conflict'
  | 'transient'
  /** A defect of ours that we look for: `InvariantError`, and data of ours that do not fit their schema. */
  | 'defect'
  /** AWS refused, or could not answer. */
  | 'service'
  /** Of the language, the engine or a package. */
  | 'foreign';

const families = [
  [InvalidInputError, 'invalid-input'],
  [NotFoundError, 'not-found'],
  [ConflictError, 'conflict'],
  [TransientError, 'transient'],
  [InvariantError, 'defect'],
  [z.ZodError, 'defect'],
] as const;

export function errorCode(error: unknown): ErrorCode {
  if (!(error instanceof Error) || foreignErrors.has(error.name)) return 'foreign';
  const family = families.find(([type]) => error instanceof type);
  if (family !== undefined) return family[1];
  // The SDK's exceptions say whose fault it is.
  return '$fault' in error ? 'service' : 'foreign';
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/**
 * The error as the function may throw it. Lambda prints what is thrown into the function's log: name, message, stack and every field of the
 * error that can be enumerated (`_withEnumerableProperties` of aws/aws-lambda-nodejs-runtime-interface-client). Fields may hold values of the
 * data. What the language or an engine says may quote them too (`JSON.parse`, a failed cast), so of theirs only the name, the system's code
 * and the stack's frames are left.
 */
export function printable(error: unknown): unknown {
  if (errorCode(error) === 'foreign') return new ForeignError(error);
  for (const field of Object.keys(Object(error))) Object.defineProperty(error, field, { enumerable: false });
  return error;
}

class ForeignError extends Error {
  override readonly name: string;

  constructor(error: unknown) {
    const name = errorName(error);
    const frames = error instanceof Error ? framesOf(error) : [];
    const where = frames[0] === undefined ? '' : ` It was thrown ${frames[0].trim()}.`;
    super(
      `${[name, ...systemCode(error)].join(' ')} was thrown, which is not an error of Tidemark. Its message is left out, because it may hold values of the data.${where}`,
    );
    this.name = name;
    this.stack = [`${name}: ${this.message}`, ...frames].join('\n');
  }
}

/** Such as `ECONNRESET` or `ERR_INVALID_ARG_TYPE`: words of Node.js. */
function systemCode(error: unknown): string[] {
  const code: unknown = Object(error).code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? [code] : [];
}

/** The lines behind the message, which may have several lines itself. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.indexOf(message);
  const rest = end === -1 ? '' : stack.slice(end + message.length);
  return rest.split('\n').filter((line) => /^\s+at /.test(line));
}
