import { cronOccurrences } from './cron.ts';
import { InvalidExpressionError } from './expression-error.ts';
import type { Occurrences } from './occurrences.ts';

/** Every occurrence is on a whole second. */
const secondMilliseconds = 1000;

const unitMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `rate(value unit)`, `cron(fields)` or `at(yyyy-mm-ddThh:mm:ss)`, in UTC.
 * @param anchor where rates begin: the start date, or the moment at which the schedule was made
 * @throws InvalidExpressionError, UnsupportedExpressionError
 */
export function occurrencesOf(expression: string, anchor: number): Occurrences {
  const { kind, argument = '' } = /^(?<kind>rate|cron|at)\((?<argument>.+)\)$/.exec(expression)?.groups ?? {};
  switch (kind) {
    case 'rate':
      return rateOccurrences(argument, anchor);
    case 'cron':
      return cronOccurrences(argument);
    case 'at':
      return oneOccurrence(argument);
    default:
      throw new InvalidExpressionError(
        `'${expression}' is none of rate(value unit), cron(fields) and at(yyyy-mm-ddThh:mm:ss)`,
      );
  }
}

/** The first occurrence is the anchor itself. */
function rateOccurrences(argument: string, anchor: number): Occurrences {
  const { value = '', unit = '' } =
    /^(?<value>[1-9]\d*) (?<unit>minute|hour|day)s?$/.exec(argument)?.groups ?? {};
  const period = Number(value) * (unitMilliseconds[unit] ?? 0);
  if (!(period > 0)) {
    throw new InvalidExpressionError(
      `rate(${argument}): a rate is a whole number above 0 and minutes, hours or days, as in rate(1 hour)`,
    );
  }
  const first = Math.floor(anchor / secondMilliseconds) * secondMilliseconds;
  return {
    isOneTime: false,
    from: (moment) => first + Math.max(0, Math.ceil((moment - first) / period)) * period,
  };
}

function oneOccurrence(argument: string): Occurrences {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(argument) ? Date.parse(`${argument}Z`) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new InvalidExpressionError(
      `at(${argument}): a moment is written yyyy-mm-ddThh:mm:ss, as in at(2026-03-01T14:00:00)`,
    );
  }
  return { isOneTime: true, from: (moment) => (at >= moment ? at : undefined) };
}
