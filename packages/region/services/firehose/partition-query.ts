/** A query that is not of the simple form that the local region evaluates. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** Why a record has no partition. */
export class PartitionError extends Error {
  override readonly name = 'PartitionError';
}

export interface PartitionQuery {
  readonly keys: readonly string[];
  /** The keys' values in a record. @throws PartitionError */
  partition(data: Buffer): Record<string, string>;
}

const member = /^\s*"?([A-Za-z_]\w*)"?\s*:\s*((?:\.[A-Za-z_]\w*)+)\s*$/;

/**
 * Reads a query of the jq language as far as `{key: .path.to.value, …}`.
 * @throws QueryError for anything else
 */
export function partitionQuery(text: string): PartitionQuery {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw notSimple(text);
  const paths = body.split(',').map((part): readonly [key: string, path: readonly string[]] => {
    const [, key, path] = member.exec(part) ?? [];
    if (key === undefined || path === undefined) throw notSimple(text);
    return [key, path.split('.').slice(1)];
  });
  return {
    keys: paths.map(([key]) => key),
    partition(data) {
      const record = parsed(data);
      return Object.fromEntries(paths.map(([key, path]) => [key, valueAt(record, key, path)]));
    },
  };
}

function notSimple(text: string): QueryError {
  return new QueryError(
    `the local region evaluates queries of the form {key: .path.to.value}, and not '${text}'`,
  );
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (error) {
    throw new PartitionError(
      `The record is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function valueAt(record: unknown, key: string, path: readonly string[]): string {
  const value = path.reduce<unknown>(
    (part, name) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, name)
        ? Reflect.get(part, name)
        : undefined,
    record,
  );
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new PartitionError(`The partition key ${key} has no value at .${path.join('.')}`);
}
