import { InvalidExpressionError, UnsupportedExpressionError } from './expression-error.ts';

/** The values that a field allows. */
export type CronField = ReadonlySet<number>;

interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Names of the values from `least` on. */
  readonly names?: readonly string[];
}

/**
 * Reads one field: `*`, `?`, values, ranges and steps, separated by commas.
 * @param name for messages
 * @throws InvalidExpressionError; UnsupportedExpressionError for `L`, `W` and `#`
 */
export function cronField(name: string, text = '', bounds: Bounds): CronField {
  return new Set(text.split(',').flatMap((part) => valuesOf(name, part, bounds)));
}

function valuesOf(name: string, part: string, bounds: Bounds): number[] {
  const { least, most } = bounds;
  const { range = '', step } = /^(?<range>[^/]+)(\/(?<step>\d+))?$/.exec(part)?.groups ?? {};
  if (range === '*' || range === '?') return sequence(least, most, stepOf(name, step));
  if (/^(\d+|[A-Z]{3})?(L|W|LW|#\d)$/.test(range)) {
    throw new UnsupportedExpressionError(`'${part}' in the field ${name} of a cron expression (L, W and #)`);
  }
  const [first, last, ...others] = range.split('-').map((text) => numberOf(text, bounds));
  if (first === undefined || others.length > 0) throw invalid(name, part, bounds);
  // A single value with a step begins a range that goes on to the end.
  const end = last ?? (range.includes('-') ? undefined : step === undefined ? first : most);
  if (end === undefined || end < first) throw invalid(name, part, bounds);
  return sequence(first, end, stepOf(name, step));
}

function numberOf(text: string, { least, most, names = [] }: Bounds): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function stepOf(name: string, step: string | undefined): number {
  if (step === undefined) return 1;
  if (Number(step) >= 1) return Number(step);
  throw new InvalidExpressionError(`the step /${step} in the field ${name} must be 1 or more`);
}

function sequence(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function invalid(name: string, part: string, { least, most }: Bounds): InvalidExpressionError {
  return new InvalidExpressionError(
    `'${part}' is no value of the field ${name}, which goes from ${least} to ${most}`,
  );
}
