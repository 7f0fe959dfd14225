import { createHash, randomUUID } from 'node:crypto';
import type { Expression } from 'jsonata';

/** A function that Step Functions adds to JSONata: its signature in JSONata's notation, and what it does. */
interface AddedFunction {
  readonly signature: string;
  readonly apply: Parameters<Expression['registerFunction']>[1];
}

/** Step Functions' names for hash algorithms, and Node's. */
const hashAlgorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** JSONata's own bound for the `..` operator. */
const longestRange = 10_000_000;

function partition(values: unknown[], size: number): unknown[][] {
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`$partition: the size must be 1 or more, not ${size}`);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, part) =>
    values.slice(part * size, (part + 1) * size),
  );
}

/**
 * From `start` to `end`, both included, in steps of `step`, which may be negative. As AWS recorded it for LocalStack (8b9a79f,
 * `test_array_jsonata.py::test_array_range`), the outcome is a JSONata sequence: one of a single value is that value, unless `[]` keeps it.
 */
function range(start: number, end: number, step: number): number[] {
  if (step === 0) throw new Error('$range: the step must not be 0');
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  if (length > longestRange) throw new Error(`$range: ${length} values are more than ${longestRange}`);
  const values = Array.from({ length }, (_, index) => start + index * step);
  return length === 1 ? Object.defineProperty(values, 'sequence', { value: true }) : values;
}

function hash(text: string, algorithm: string): string {
  const name = Object.hasOwn(hashAlgorithms, algorithm) ? hashAlgorithms[algorithm] : undefined;
  if (name === undefined) {
    throw new Error(
      `$hash: '${algorithm}' is not one of ${Object.keys(hashAlgorithms)
        .map((known) => `'${known}'`)
        .join(', ')}`,
    );
  }
  return createHash(name).update(text, 'utf8').digest('hex');
}

/** In [0, 1). The same seed gives the same number, though not the number that AWS gives for it. */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  const digest = createHash('sha256').update(String(seed)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** What AWS documents beside JSONata's own functions, under the names without `$`. */
export const addedFunctions: Readonly<Record<string, AddedFunction>> = {
  partition: { signature: '<an:a>', apply: partition },
  range: { signature: '<nnn:a<n>>', apply: range },
  hash: { signature: '<ss:s>', apply: hash },
  random: { signature: '<n?:n>', apply: random },
  uuid: { signature: '<:s>', apply: () => randomUUID() },
  parse: { signature: '<s:x>', apply: (text: string): unknown => JSON.parse(text) },
};
