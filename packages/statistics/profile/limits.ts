/** Different values of a column that are all kept and counted: as many as most codes and names have, and some 40 KB of JSON. */
export const completeValues = 2048;

/**
 * The most frequent values that are kept of a column with more: each is counted to within 1/257 of the rows (Misra and Gries),
 * however profiles are cut and merged.
 */
export const frequentValues = 256;

/** A text of more bytes is kept as its beginning and its hash: a value that a report can show, however long the text. */
export const longestText = 256;
