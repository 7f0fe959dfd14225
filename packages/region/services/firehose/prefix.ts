/** A prefix uses what Firehose, or the local region, does not have. */
export class PrefixError extends Error {
  override readonly name = 'PrefixError';
}

export interface PrefixValues {
  /** Of the oldest record in the object: milliseconds since the epoch. */
  readonly at: number;
  readonly partition: Readonly<Record<string, string>>;
  readonly errorOutputType?: string;
  /** Eleven characters. */
  readonly randomString: string;
}

const expression = /!\{(\w+):([^}]*)\}/g;

/** Fields of a date by the letters of Java's patterns. */
const dateFields: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => String(date.getUTCFullYear()),
  MM: (date) => two(date.getUTCMonth() + 1),
  dd: (date) => two(date.getUTCDate()),
  HH: (date) => two(date.getUTCHours()),
  mm: (date) => two(date.getUTCMinutes()),
  ss: (date) => two(date.getUTCSeconds()),
};

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Checks a prefix.
 * @param kind error prefixes know the type of the error and no partition keys
 * @param keys that the partition query gives
 * @throws PrefixError
 */
export function assertPrefix(prefix: string, kind: 'data' | 'error', keys: readonly string[]): void {
  for (const [whole, namespace = '', argument = ''] of prefix.matchAll(expression)) {
    const isKnown =
      namespace === 'timestamp'
        ? datePart(argument, new Date(0)) !== undefined
        : (namespace === 'firehose' && argument === 'random-string') ||
          (namespace === 'firehose' && argument === 'error-output-type' && kind === 'error') ||
          (namespace === 'partitionKeyFromQuery' && keys.includes(argument) && kind === 'data');
    if (!isKnown)
      throw new PrefixError(`the local region does not evaluate ${whole} in the ${kind} prefix '${prefix}'`);
  }
  if (prefix.replaceAll(expression, '').includes('!{')) {
    throw new PrefixError(`the prefix '${prefix}' has an expression that is not closed`);
  }
}

/** A prefix with its expressions replaced. One without any gets the hour, as Firehose has it. */
export function evaluatedPrefix(prefix: string, values: PrefixValues): string {
  const date = new Date(values.at);
  if (!prefix.includes('!{')) return `${prefix}${datePart('yyyy/MM/dd/HH/', date)}`;
  return prefix.replaceAll(expression, (whole, namespace: string, argument: string) => {
    if (namespace === 'timestamp') return datePart(argument, date) ?? whole;
    if (namespace === 'partitionKeyFromQuery') return values.partition[argument] ?? whole;
    return argument === 'error-output-type' ? (values.errorOutputType ?? whole) : values.randomString;
  });
}

/** A date by a pattern of `yyyy MM dd HH mm ss`, separators and quoted text; `undefined` for any other letter. */
function datePart(pattern: string, date: Date): string | undefined {
  const parts = pattern.match(/'[^']*'|([a-zA-Z])\1*|[^a-zA-Z']+/g) ?? [];
  const texts = parts.map((part) => {
    if (part.startsWith("'")) return part.slice(1, -1);
    return /^[a-zA-Z]/.test(part) ? dateFields[part]?.(date) : part;
  });
  return texts.some((text) => text === undefined) ? undefined : texts.join('');
}
