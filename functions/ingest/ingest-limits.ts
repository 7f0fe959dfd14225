/**
 * Largest file, as stored and unpacked. Scratch disk is 10 GiB and holds, at worst, the text of a file (what was compressed is deleted before), its
 * cells as Parquet (then the text is deleted), the typed columns and the part, each smaller than the text, and what DuckDB spills.
 */
export const maximumFileBytes = 3 * 1024 ** 3;

/** Columns that are used. Beyond, a model has features that no person has looked at, and memory per row group grows with every column. */
export const maximumColumns = 2000;

/** Columns of a file, used or not: a file with more has another separator. */
export const maximumFileColumns = 20_000;

/** As in a definition. */
export const maximumColumnName = 128;

/** A registry sort key is at most 1,024 bytes, of which `ARRIVAL#batch-00000012#` takes 23; the rest is margin. */
export const maximumKeyBytes = 900;

/** S3 copies up to 5 GiB in one request. Larger files stay where they are when they are rejected. */
export const maximumCopyBytes = 5 * 1024 ** 3;

/**
 * Columns whose profiles are in memory at once while a batch is judged, over several files; those that wait to be merged, and as many that are being
 * read. Up to 2,048 values of a column are listed (`packages/statistics/profile/limits.ts`), which take some 200 bytes each once parsed: 400 KB a
 * column, 200 MB of the function's 1,769.
 */
export const columnsAtOnce = 256;

/** Problems that are kept of one file, some 1.5 KB each with examples: a file with a thousand columns of the wrong type has one cause. */
export const maximumFileFindings = 50;

/** Problems that a batch's report has in full, 6 MB at most; of each file after that the first, and that there are more. */
export const maximumBatchFindings = 4000;

/**
 * Parts of a dataset. `prepare` downloads each (some 40 ms, eight at once: a minute for all), DuckDB opens each for every one of some
 * thirty queries (0.5 ms: three minutes), and the manifest has a kilobyte of each, which most functions read. All of that has a quarter of an hour.
 */
export const maximumParts = 10_000;

/** Times that a file is opened before it is set aside unread; fewer than a task's six attempts (`any-for-a-minute` in `state-machines/retry-policies.json`). */
export const maximumOpenings = 3;
