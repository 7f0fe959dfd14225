/**
 * Spellings of a missing value besides nothing at all, as databases, pandas, R and Spark write it. `docs/values.md` says where they
 * count; in quotes they are text in a CSV file.
 */
export const missingSpellings = ['NULL', 'null', 'NA', 'N/A', 'NaN', 'nan', 'NAN', '\\N'] as const;
