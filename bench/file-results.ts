import type { Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { Profiler } from '@tidemark/statistics/profile/profiler.ts';
import type { FileResult } from '../functions/ingest/file-result.schema.ts';

/** Different profiles are made so many times; a file has one of them. Making one takes longer than judging it. */
const differentProfiles = 20;

/**
 * What validation finds in small files with 20 columns, as JSON text, file after file: 8 columns of floats, 6 of integers, 6 of text, of
 * which 3 have a different value in each row. No two files have the same rows.
 * @param rows of each file
 */
export function* fileResultTexts(files: number, rows: number): Generator<string> {
  const profiles = Array.from({ length: differentProfiles }, (_, seed) => profileOf(seed, rows));
  for (let file = 0; file < files; file += 1) {
    const profile = profiles[file % differentProfiles];
    if (profile) yield JSON.stringify(resultOf(file, profile, rows));
  }
}

const columns = [
  ...Array.from({ length: 8 }, (_, index) => ({ name: `float-${index}`, type: 'number' as const })),
  ...Array.from({ length: 6 }, (_, index) => ({ name: `integer-${index}`, type: 'integer' as const })),
  ...Array.from({ length: 6 }, (_, index) => ({ name: `text-${index}`, type: 'string' as const })),
];

function profileOf(seed: number, rows: number): Profile {
  const profiler = new Profiler(columns, { seed });
  for (let row = 0; row < rows; row += 1) {
    const noise = spread(seed * rows + row);
    profiler.addRow(
      columns.map(({ type }, index) => {
        if (type === 'number') return Number(noise % 1_000_003n) / (7 + index);
        if (type === 'integer') return Number(noise % BigInt(50 * (index - 6)));
        return index % 2 === 0 ? `code ${noise % 40n}` : `note ${noise.toString(36)}`;
      }),
    );
  }
  return profiler.finish();
}

function resultOf(file: number, profile: Profile, rows: number): FileResult {
  const name = String(file).padStart(8, '0');
  const pin = (key: string) => ({
    bucket: 'tidemark-dev-data',
    key,
    versionId: `version-of-${name}-0123456789`,
  });
  const source = pin(`incoming/many-files/2026/03/01/part-${name}.csv`);
  const hashes = Array.from({ length: rows }, (_, row) => spread(file * rows + row));
  const part = {
    partHash: spread(file).toString(16).padStart(32, '0'),
    object: pin(`datasets/many-files/parts/${name}-0123456789abcdef.parquet`),
    rows,
    splitRows: { train: rows - 20, validation: 10, holdout: 10 },
    rowHashSums: { train: String(hashes[0]), validation: String(hashes[1]), holdout: String(hashes[2]) },
    missingInTexts: [],
    sources: [source],
  };
  return {
    schemaVersion: 1,
    object: source,
    size: 100_000,
    finding: {
      kind: 'acceptable',
      format: 'csv',
      columns,
      part,
      unlabelledRows: 0,
      notes: [],
      warnings: [],
      distinctRows: rows,
      rowSample: { below: null, hashes: hashes.map((hash): [string, number] => [String(hash), 1]) },
      target: { distinct: 40, values: [{ value: '1', rows }], positive: 20 },
      profile,
    },
  };
}

/** A multiplication by an odd number spreads consecutive numbers over all 64 bits. */
function spread(number: number): bigint {
  return BigInt.asUintN(64, BigInt(number + 1) * 0x9e3779b97f4a7c15n);
}
