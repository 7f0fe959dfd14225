import { gzipSync } from 'node:zlib';
import { lateFlights } from './late-flights.ts';
import { parquet } from './parquet.ts';

/** A file that must be rejected, and what its report must say. */
export interface BadFile {
  readonly title: string;
  readonly name: string;
  readonly body: () => string | Buffer | Promise<Buffer>;
  /** The check that finds it, first. */
  readonly check: string;
  /** What the report says of it. */
  readonly says: RegExp;
  /** What the definition adds. */
  readonly definition?: Readonly<Record<string, unknown>>;
  /** A good file by that definition, where the ordinary one is not. */
  readonly good?: string;
}

const good = lateFlights(0, 100);
const lines = good.trimEnd().split('\n');
const header = lines[0] ?? '';

/** The good file with one line in the place of another, counted from 1. */
function withLine(number: number, text: string): string {
  return `${lines.toSpliced(number - 1, 1, text).join('\n')}\n`;
}

/** The good file with one column computed anew from the number of the row. */
function withColumn(name: string, value: (row: number) => string): string {
  const names = header.split(',');
  const index = names.includes(name) ? names.indexOf(name) : names.length;
  const rows = lines.slice(1).map((line, row) => line.split(',').toSpliced(index, 1, value(row)).join(','));
  return `${[names.toSpliced(index, 1, name).join(','), ...rows].join('\n')}\n`;
}

const objects = lines.slice(1).map((line) => {
  const [flight, origin, distance, late] = line.split(',');
  return { flight: Number(flight), origin, distance: Number(distance), late: late === 'true' };
});
const jsonLines = objects.map((row) => JSON.stringify(row));

const flightsParquet = `SELECT i AS flight, 'SFO' AS origin, 100 + i AS distance, i % 4 = 0 AS late FROM range(100) t(i)`;

export const badFiles: readonly BadFile[] = [
  {
    title: 'weights below 0',
    name: 'negative.csv',
    body: () => withColumn('w', (row) => (row === 6 ? '-1.5' : '1')),
    check: 'weight-negative',
    says: /`w` is negative in 1 row\./,
    definition: { weight: 'w' },
    good: withColumn('w', (row) => String(row % 3)),
  },
  {
    title: 'weights that are all 0',
    name: 'zero.csv',
    body: () => withColumn('w', () => '0'),
    check: 'weight-zero',
    says: /`w` is 0 in every row/,
    definition: { weight: 'w' },
    good: withColumn('w', (row) => String(row % 3)),
  },
  { title: 'an empty file', name: 'empty.csv', body: () => '', check: 'empty-file', says: /no bytes/ },
  {
    title: 'a file of blanks',
    name: 'blank.csv',
    body: () => ' \n\n \n',
    check: 'empty-file',
    says: /nothing but blanks/,
  },
  {
    title: 'a header alone',
    name: 'header.csv',
    body: () => `${header}\n`,
    check: 'no-rows',
    says: /names 4 columns and has no rows/,
  },
  {
    title: 'a header alone, without an end of line',
    name: 'header.csv',
    body: () => header,
    check: 'no-rows',
    says: /has no rows/,
  },
  {
    title: 'a delimiter that is not known',
    name: 'caret.csv',
    body: () => good.replaceAll(',', '^'),
    check: 'csv-delimiter',
    says: /Comma, semicolon, tab and bar were tried/,
  },
  {
    title: 'rows with too few fields',
    name: 'ragged.csv',
    body: () => withLine(40, '39,SFO'),
    check: 'csv-ragged',
    says: /1 line with more or fewer fields than the 4 names.*line 40[\s\S]*line 40: 39,SFO/,
  },
  {
    title: 'rows with too many fields, after a value of several lines',
    name: 'ragged.csv',
    body: () => good.replace('\n4,OAK', '\n4,"OAK\nor so"').replace(/\n50,/, '\n50,50,'),
    check: 'csv-ragged',
    says: /1 line with more or fewer fields[\s\S]*line 53: 50,50,/,
  },
  {
    title: 'ragged rows everywhere',
    name: 'ragged.csv',
    body: () =>
      [header, ...Array.from({ length: 5000 }, (_, row) => (row % 3 === 0 ? '1,2' : '1,SFO,3,true'))].join(
        '\n',
      ),
    check: 'csv-ragged',
    says: /At least 500 lines/,
  },
  {
    title: 'a quote that is never closed',
    name: 'quote.csv',
    body: () => withLine(30, '29,"SFO,100,true'),
    check: 'csv-quotes',
    says: /not closed.*line 30/,
  },
  {
    title: 'text in Windows-1252',
    name: 'latin.csv',
    body: () => Buffer.from(good.replace('\n7,OAK', '\n7,Zürich'), 'latin1'),
    check: 'not-utf-8',
    says: /Line 9 is not UTF-8[\s\S]*Windows-1252[\s\S]*Zürich/,
  },
  {
    title: 'text in UTF-16',
    name: 'utf16.csv',
    body: () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]),
    check: 'file-format',
    says: /UTF-16/,
  },
  {
    title: 'an Excel workbook called CSV',
    name: 'flights.csv',
    body: () => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200, 7)]),
    check: 'file-format',
    says: /ZIP archive or an Excel workbook/,
  },
  {
    title: 'bytes that are no text',
    name: 'flights.csv',
    body: () => Buffer.from(`${header}\n1,SFO\u0000,3,true\n`),
    check: 'file-format',
    says: /line 2 has a NUL byte/,
  },
  {
    title: 'a gzip file that is cut off',
    name: 'flights.csv.gz',
    body: () => gzipSync(good).subarray(0, 200),
    check: 'broken-gzip',
    says: /broken or cut off/,
  },
  {
    title: 'a Parquet file that is cut off',
    name: 'flights.parquet',
    body: async () => (await parquet(flightsParquet)).subarray(0, -100),
    check: 'truncated-parquet',
    says: /its last four bytes are not `PAR1`/,
  },
  {
    title: 'a Parquet file with a hole',
    name: 'flights.parquet',
    body: async () => {
      const bytes = await parquet(flightsParquet);
      return Buffer.concat([bytes.subarray(0, 50), bytes.subarray(250)]);
    },
    check: 'broken-parquet',
    says: /The Parquet file is broken/,
  },
  {
    title: 'a Parquet file with overwritten pages',
    name: 'flights.parquet',
    body: async () => (await parquet(flightsParquet)).fill(0xa5, 4, 300),
    check: 'broken-parquet',
    says: /The Parquet file is broken/,
  },
  {
    title: 'a Parquet file with lists',
    name: 'flights.parquet',
    body: () => parquet('SELECT [i] AS stops, i % 2 = 0 AS late FROM range(100) t(i)'),
    check: 'parquet-type',
    says: /`stops` has a type that is not one value/,
  },
  {
    title: 'a line that is not JSON',
    name: 'flights.jsonl',
    body: () => jsonLines.toSpliced(4, 1, '{"flight": 4, "origin":').join('\n'),
    check: 'json-lines',
    says: /line 5 is not one JSON object[\s\S]*line 5: \{"flight": 4/,
  },
  {
    title: 'JSON as one array that does not end',
    name: 'flights.json',
    body: () => JSON.stringify(objects).slice(0, -20),
    check: 'json-lines',
    says: /begins with an array, and is not one array of JSON objects/,
  },
  {
    title: 'an array of objects on each line',
    name: 'flights.jsonl',
    body: () => objects.map((row) => JSON.stringify([row])).join('\n'),
    check: 'json-lines',
    says: /is not one array of JSON objects/,
  },
  {
    title: 'an array of lists',
    name: 'flights.json',
    body: () => JSON.stringify(objects.map((row) => Object.values(row))),
    check: 'json-lines',
    says: /Element 1 of the array is not a JSON object[\s\S]*element 1: \[0,/,
  },
  {
    title: 'a list of texts on each line',
    name: 'flights.jsonl',
    body: () => objects.map((row) => JSON.stringify(Object.values(row).map(String))).join('\n'),
    check: 'json-lines',
    says: /is not one array of JSON objects/,
  },
  { title: 'an empty array', name: 'flights.json', body: () => '[]', check: 'no-rows', says: /no rows/ },
  {
    title: 'an empty array, compressed',
    name: 'flights.json.gz',
    body: () => gzipSync('[]\n'),
    check: 'no-rows',
    says: /no rows/,
  },
  {
    title: 'objects without anything in them',
    name: 'flights.jsonl',
    body: () => '{}\n'.repeat(300),
    check: 'target-missing',
    says: /There is no column `late`/,
  },
  {
    title: 'one name twice in an object',
    name: 'flights.jsonl',
    body: () =>
      [...jsonLines.slice(1), '{"flight":1,"origin":"SFO","distance":1,"late":true,"late":false}'].join('\n'),
    check: 'json-lines',
    says: /`late` stands twice in one object/,
  },
  {
    title: 'half a pair of surrogates',
    name: 'flights.jsonl',
    body: () =>
      [...jsonLines.slice(1), '{"flight":1,"origin":"\\ud800","distance":1,"late":true}'].join('\n'),
    check: 'json-lines',
    says: /line 100 has one half of a pair of surrogates/,
  },
  {
    title: 'a number among the objects',
    name: 'flights.jsonl',
    body: () => [...jsonLines, '17'].join('\n'),
    check: 'json-lines',
    says: /line 101 is not one JSON object/,
  },
  {
    title: 'objects within objects',
    name: 'flights.jsonl',
    body: () => objects.map((row) => JSON.stringify({ ...row, at: { city: 'Oakland' } })).join('\n'),
    check: 'json-nested',
    says: /`at` holds objects or lists/,
  },
  {
    title: 'keys that differ in case from row to row',
    name: 'flights.jsonl',
    body: () =>
      objects
        .map(({ distance, ...row }, at) =>
          JSON.stringify(at % 2 ? { ...row, distance } : { ...row, Distance: distance }),
        )
        .join('\n'),
    check: 'column-name',
    says: /1 name in more than one spelling[\s\S]*in one way in every row/,
  },
  {
    title: 'a column without a name that does not count the rows',
    name: 'index.csv',
    body: () => withColumn('extra', (row) => String(row + 2)).replace('extra', ''),
    check: 'column-name',
    says: /1 column without a name: number 5[\s\S]*features\.include/,
  },
  {
    title: 'two columns without names',
    name: 'index.csv',
    body: () =>
      good
        .split('\n')
        .map((line, row) => (line === '' ? '' : row === 0 ? `,${line},` : `${row},${line},${row}`))
        .join('\n'),
    check: 'column-name',
    says: /2 columns without a name: number 1, 6/,
  },
  {
    title: 'one name for two columns',
    name: 'twice.csv',
    body: () => good.replace('distance', 'Origin'),
    check: 'column-name',
    says: /1 column with the name of an earlier one: number \d[\s\S]*: Origin/,
  },
  {
    title: 'a name that datasets use themselves',
    name: 'own.csv',
    body: () => good.replace('distance', '_split'),
    check: 'column-name',
    says: /`_split` is a name that datasets use/,
  },
  {
    title: '10,000 columns as CSV',
    name: 'wide.csv',
    body: () => {
      const wide = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
      return [wide, wide.map((_, index) => String(index))].map((row) => row.join(',')).join('\n');
    },
    check: 'column-count',
    says: /10,000 columns that would be read; at most 2,000 columns/,
  },
  {
    title: '10,000 columns as Parquet',
    name: 'wide.parquet',
    body: () =>
      parquet(`SELECT ${Array.from({ length: 10_000 }, (_, index) => `${index} AS c${index}`).join(', ')}`),
    check: 'column-count',
    says: /10,000 columns that would be read; at most 2,000 columns/,
  },
  {
    title: 'no target',
    name: 'unlabelled.csv',
    body: () => good.replace('late', 'delayed'),
    check: 'target-missing',
    says: /There is no column `late` among the 4 columns of the file\. The file has `flight`, `origin`, `distance` and `delayed`/,
  },
  {
    title: 'a target in other letters',
    name: 'capital.csv',
    body: () => good.replace('late', 'Late'),
    check: 'target-missing',
    says: /Rename the file’s column `Late`/,
  },
  {
    title: 'no line with names',
    name: 'data.csv',
    body: () => lines.slice(1).join('\n'),
    check: 'target-missing',
    says: /The first line seems to be data/,
  },
  {
    title: 'no segment column',
    name: 'flights.csv',
    body: () => good,
    check: 'column-missing',
    says: /no column `carrier`[\s\S]*under `segments`/,
    definition: { segments: ['carrier'] },
    good: withColumn('carrier', (row) => (row % 2 === 0 ? 'AA' : 'BB')),
  },
  {
    title: 'a target and nothing else',
    name: 'flights.csv',
    body: () => good,
    check: 'no-features',
    says: /no column that the definition uses/,
    definition: { features: { exclude: ['flight', 'origin', 'distance'] } },
    good: withColumn('weather', (row) => String(row / 7)),
  },
  {
    title: 'a target without any value',
    name: 'unlabelled.csv',
    body: () => withColumn('late', () => ''),
    check: 'target-empty',
    says: /no value in any of 100 rows/,
  },
  {
    title: 'a target that is not a number',
    name: 'flights.csv',
    body: () => withColumn('late', (row) => (row === 60 ? '12,5' : String(row))).replace('12,5', '"12,5"'),
    check: 'target-type',
    says: /`late` is not a number in every row[\s\S]*decimal point[\s\S]*row 61: 12,5/,
    definition: { problem: 'regression' },
    good: withColumn('late', (row) => String(row / 4)),
  },
  {
    title: 'a positive value that the data spell in another case',
    name: 'case.csv',
    body: () => withColumn('late', (row) => (row % 4 === 0 ? 'Yes' : 'No')),
    definition: { target: { column: 'late', positive: 'yes' } },
    good: withColumn('late', (row) => (row % 4 === 0 ? 'yes' : 'no')),
    check: 'one-class',
    says: /the values are `No` and `Yes`. Did you mean `Yes`\?/,
  },
  {
    title: 'a binary target with a stray value',
    name: 'stray.csv',
    body: () => withColumn('late', (row) => (row === 7 ? '?' : row % 4 === 0 ? 'yes' : 'no')),
    check: 'too-many-classes',
    says: /Look at `\?`[\s\S]*Correct the values/,
  },
  {
    title: 'one class only',
    name: 'flights.csv',
    body: () => withColumn('late', () => 'true'),
    check: 'one-class',
    says: /has the same value in every row[\s\S]*rows: true/,
  },
  {
    title: 'nothing that counts as yes',
    name: 'flights.csv',
    body: () => withColumn('late', (row) => String(row % 10)),
    check: 'one-class',
    says: /counts as no in every row/,
    definition: { target: { column: 'late', above: 15 } },
    good: withColumn('late', (row) => String(row % 40)),
  },
  {
    title: 'three classes for yes or no',
    name: 'flights.csv',
    body: () => withColumn('late', (row) => ['yes', 'no', 'maybe'][row % 3] ?? ''),
    check: 'too-many-classes',
    says: /3 different values[\s\S]*A binary problem has two/,
  },
  {
    title: 'more classes than a model can have',
    name: 'flights.csv',
    body: () =>
      lateFlights(0, 300).replaceAll(/(true|false)$/gm, (_, __, offset: number) => `class ${offset}`),
    check: 'too-many-classes',
    says: /at most 100/,
    definition: { problem: 'multiclass' },
    good: withColumn('late', (row) => `class ${row % 4}`),
  },
  {
    title: 'a constant target',
    name: 'flights.csv',
    body: () => withColumn('late', () => '12.5'),
    check: 'constant-target',
    says: /is the same in every row[\s\S]*rows: 12\.5/,
    definition: { problem: 'regression' },
    good: withColumn('late', (row) => String(row / 4)),
  },
  {
    title: 'infinite values',
    name: 'flights.csv',
    body: () => withColumn('distance', (row) => (row === 12 ? '-Infinity' : `${row}.5`)),
    check: 'infinite-values',
    says: /`distance` is infinite or out of range in 1 row\.[\s\S]*row 13: -Infinity/,
  },
  {
    title: 'infinite values in Parquet',
    name: 'flights.parquet',
    body: () =>
      parquet(
        `SELECT CASE WHEN i = 3 THEN 'inf'::DOUBLE ELSE i END AS x, i % 2 = 0 AS late FROM range(100) t(i)`,
      ),
    check: 'infinite-values',
    says: /`x` is infinite or out of range in 1 row/,
  },
  {
    title: 'a column without any value',
    name: 'flights.csv',
    body: () => withColumn('weather', (row) => (row % 2 === 0 ? '' : 'NA')),
    check: 'column-empty',
    says: /`weather` has no value in any row/,
  },
  {
    title: 'too few rows',
    name: 'flights.csv',
    body: () => lateFlights(0, 49),
    check: 'minimum-rows',
    says: /49 rows with a target; at least 50/,
  },
  {
    title: 'rows that repeat too often',
    name: 'flights.csv',
    body: () => [header, ...Array.from({ length: 4 }, () => lines.slice(1)).flat()].join('\n'),
    check: 'duplicates',
    says: /75 % of the rows repeat another row of the batch; at most 50 %/,
  },
  {
    title: 'a target that is mostly missing',
    name: 'flights.csv',
    body: () =>
      lateFlights(0, 2000).replaceAll(/(\n(\d+),.*,)(true|false)/g, (line, start, number) =>
        Number(number) % 30 < 2 ? line : start,
      ),
    check: 'target-missing-values',
    says: /missing in 93\.\d % of the rows; at most 90 %/,
    definition: { ingestion: { maximumMissing: 0.9 } },
  },
  {
    title: 'times that are none',
    name: 'flights.csv',
    body: () => withColumn('date', (row) => (row === 70 ? '31.12.2026' : '2026-12-31')),
    check: 'time-type',
    says: /`date` is not a time in every row[\s\S]*ISO 8601[\s\S]*row 71: 31\.12\.2026/,
    definition: { time: 'date' },
    good: withColumn('date', (row) => `2026-12-${10 + (row % 20)}`),
  },
  {
    title: 'rows without a time',
    name: 'flights.csv',
    body: () => withColumn('date', (row) => (row === 70 ? '' : `2026-12-${10 + (row % 20)}`)),
    check: 'time-missing',
    says: /`date` is missing in 1 row/,
    definition: { time: 'date' },
    good: withColumn('date', (row) => `2026-12-${10 + (row % 20)}`),
  },
  {
    title: 'one time in all rows',
    name: 'flights.csv',
    body: () => withColumn('date', () => '2026-12-31'),
    check: 'time-constant',
    says: /fewer than three different times/,
    definition: { time: 'date' },
    good: withColumn('date', (row) => `2026-12-${10 + (row % 20)}`),
  },
];
