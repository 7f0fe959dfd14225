/** The part of a value, or `undefined` where there is none. */
export type JsonPath = (value: unknown) => unknown;

/**
 * Reads a path as EventBridge takes it: `$`, or `$.name.name`, with names of letters, digits, `-` and `_`.
 * @throws Error for any other form; EventBridge has no brackets and no filters
 */
export function jsonPath(path: string): JsonPath {
  if (!/^\$(\.[\w-]+)*$/.test(path))
    throw new Error(
      `'${path}' is not a path that EventBridge takes: $ followed by names, as in $.detail.state`,
    );
  const names = path.split('.').slice(1);
  return (value) =>
    names.reduce<unknown>(
      (part, name) => (isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined),
      value,
    );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
