/** Spellings of a missing value in text, as databases, pandas, R and Spark write it. In quotes they are text in a CSV file. */
export const missingSpellings = ['NULL', 'null', 'NA', 'N/A', 'NaN', 'nan', 'NAN', '\\N'] as const;
