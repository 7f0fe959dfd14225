import type { Profile } from './profile.schema.ts';
import { type CsvOptions, profileCsv } from './profile-csv.ts';
import { profileJsonLines } from './profile-json-lines.ts';
import { type ParquetOptions, profileParquet } from './profile-parquet.ts';

export type ProfiledFormat = 'csv' | 'json-lines' | 'parquet';

export type ProfileFileOptions = CsvOptions & ParquetOptions;

/**
 * Profiles a file on disk in one pass, in memory that does not grow with it. A guess of types from the first rows that proves wrong costs another pass.
 * @throws UnreadableCsvError, UnreadableJsonLinesError, UnreadableDataError
 */
export async function profileFile(
  path: string,
  format: ProfiledFormat,
  options: ProfileFileOptions = {},
): Promise<Profile> {
  switch (format) {
    case 'csv':
      return profileCsv(path, options);
    case 'json-lines':
      return profileJsonLines(path, options);
    case 'parquet':
      return profileParquet(path, options);
  }
}
