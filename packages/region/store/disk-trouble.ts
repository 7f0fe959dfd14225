/** What a system says when it cannot write for want of room or right, by its code. */
const troubles: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'The quota of disk space is used up',
  EROFS: 'The file system is read-only',
};

/** LevelDB and DuckDB tell of the same in the system's words, and a service's answer in those of `diskTrouble`, without a code of their own. */
const spoken: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|\bENOSPC\b/i, 'ENOSPC'],
  [/disk quota exceeded|\bEDQUOT\b/i, 'EDQUOT'],
  [/read-only file system|\bEROFS\b/i, 'EROFS'],
];

/**
 * Whether an error, or one that caused it, comes of a disk that is full or may not be written.
 * @param place what was being written to, for errors that do not say it
 * @returns a sentence that says so and what to do.
 */
export function diskTrouble(error: unknown, place?: string): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = codeOf(current);
    const what = code === undefined ? undefined : troubles[code];
    if (what === undefined) continue;
    const path = placeOf(current) ?? place;
    const where = path === undefined ? '' : `, at ${path}`;
    const remedy = code === 'EROFS' ? 'Choose another place with --state' : 'Make room';
    return `${what} (${code}${where}). ${remedy}; nothing that was answered with success is lost.`;
  }
  return undefined;
}

/** Where it cannot be written. Of a copy, `path` is where it comes from. */
function placeOf(error: Error): string | undefined {
  if ('dest' in error && typeof error.dest === 'string') return error.dest;
  return 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string' && error.code in troubles) return error.code;
  return spoken.find(([pattern]) => pattern.test(error.message))?.[1];
}
