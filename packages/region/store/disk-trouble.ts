/** What a system says when it cannot write for want of room or right, by its code. */
const troubles: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'The quota of disk space is used up',
  EROFS: 'The file system is read-only',
};

/** LevelDB and DuckDB tell of the same in the system's words, without its code. */
const spoken: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'ENOSPC'],
  [/disk quota exceeded/i, 'EDQUOT'],
  [/read-only file system/i, 'EROFS'],
];

/**
 * Whether an error, or one that caused it, comes of a disk that is full or may not be written.
 * @returns a sentence that says so and what to do.
 */
export function diskTrouble(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = codeOf(current);
    const what = code === undefined ? undefined : troubles[code];
    if (what === undefined) continue;
    const where = 'path' in current && typeof current.path === 'string' ? `, at ${current.path}` : '';
    const remedy = code === 'EROFS' ? 'Choose another place with --state' : 'Make room';
    return `${what} (${code}${where}). ${remedy}; nothing that was answered with success is lost.`;
  }
  return undefined;
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string' && error.code in troubles) return error.code;
  return spoken.find(([pattern]) => pattern.test(error.message))?.[1];
}
