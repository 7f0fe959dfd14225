/**
 * Largest file, as stored and unpacked. Scratch disk is 10 GiB and holds, at worst, a file as stored (deleted once unpacked), its
 * text, the part (smaller than the text) and what DuckDB spills (row hashes and target values, at most a third of the text).
 */
export const maximumFileBytes = 3 * 1024 ** 3;

/** Beyond, a model has features that nobody has looked at, and memory per row group grows with every column. */
export const maximumColumns = 2000;

/** As in a definition. */
export const maximumColumnName = 128;

/** A registry sort key is at most 1,024 bytes, of which `ARRIVAL#batch-00000012#` takes 23; the rest is margin. */
export const maximumKeyBytes = 900;

/** S3 copies up to 5 GiB in one request. Larger files stay where they are when they are rejected. */
export const maximumCopyBytes = 5 * 1024 ** 3;
