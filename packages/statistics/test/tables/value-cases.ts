import type { ColumnType } from '../../tables/column.schema.ts';
import type { TimeFormat } from '../../tables/read-time.ts';

/**
 * The grammar of values as cases, against which both of its readings run: a spelling, as whose type it is read, and the value. `null`
 * is not a value of the type; `infinite` one that training cannot hold. Times are ISO 8601 in milliseconds.
 */
export interface ValueCase {
  readonly type: Exclude<ColumnType, 'string'>;
  readonly format?: TimeFormat;
  readonly text: string;
  readonly value: number | boolean | string | 'infinite' | null;
}

const of =
  (type: ValueCase['type'], format?: TimeFormat) =>
  ([text, value]: readonly [string, ValueCase['value']]): ValueCase =>
    format === undefined ? { type, text, value } : { type, format, text, value };

const numbers = [
  ['1', 1],
  ['-1', -1],
  ['+1', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['007', 7],
  ['-01.5', -1.5],
  ['1e5', 100_000],
  ['1E+5', 100_000],
  ['1.e-2', 0.01],
  ['1e-400', 0],
  ['9007199254740993', 9_007_199_254_740_992],
  ['3.4028234e38', 3.4028234e38],
  ['3.4028235e38', 3.4028235e38],
  ['3.4028236e38', 'infinite'],
  ['-1e39', 'infinite'],
  ['1e400', 'infinite'],
  ['inf', 'infinite'],
  ['-Infinity', 'infinite'],
  ['+INF', 'infinite'],
  ['', null],
  ['+', null],
  ['.', null],
  ['1e', null],
  ['e5', null],
  ['1e5.5', null],
  ['+-1', null],
  ['--1', null],
  ['1_000', null],
  ['0x1F', null],
  ['0b1', null],
  ['1d', null],
  ['1f', null],
  ['1,5', null],
  ['1,234.50', null],
  ['1 000', null],
  ['- 1', null],
  ['$9.99', null],
  ['12.5%', null],
  ['(12.50)', null],
  ['−5', null],
  ['١', null],
  ['１', null],
  ['infinit', null],
  ['-nan', null],
  ['true', null],
] as const;

const booleans = [
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['1', true],
  ['0', false],
  ['1.0', null],
  ['yes', null],
  ['t', null],
  ['on', null],
  ['-1', null],
] as const;

const isoTimes = [
  ['2026-01-05', '2026-01-05T00:00:00.000Z'],
  ['2026/01/05', '2026-01-05T00:00:00.000Z'],
  ['2026-1-5', '2026-01-05T00:00:00.000Z'],
  ['2026-01-05T12:30', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05 1:30', '2026-01-05T01:30:00.000Z'],
  ['2026-01-05T12:30Z', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05Z', '2026-01-05T00:00:00.000Z'],
  ['2026-01-05 12:30:15', '2026-01-05T12:30:15.000Z'],
  ['2026-01-05T12:30:15.5Z', '2026-01-05T12:30:15.500Z'],
  ['2026-01-05T12:30:15.123999999', '2026-01-05T12:30:15.123Z'],
  ['1969-12-31T23:59:59.9999', '1969-12-31T23:59:59.999Z'],
  ['2026-01-05 12:30:00 UTC', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05 12:30:00UTC', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05 12:30 GMT', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05 12:30:00 +00:00', '2026-01-05T12:30:00.000Z'],
  ['2026-01-05 12:30:00+02', '2026-01-05T10:30:00.000Z'],
  ['2026-01-05 12:30:00 -0230', '2026-01-05T15:00:00.000Z'],
  ['2026-01-05T12:30+02:00', '2026-01-05T10:30:00.000Z'],
  ['2026-01-05+02:00', '2026-01-04T22:00:00.000Z'],
  ['2026/1/5 -02', '2026-01-05T02:00:00.000Z'],
  ['2026-01-05T00:30:00-15:59', '2026-01-05T16:29:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ['0099-12-31', '0099-12-31T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999999', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01', null],
  ['0001-01-01T00:00:00+01:00', null],
  ['9999-12-31T23:59:59-01:00', null],
  ['12026-01-01', null],
  ['2026-02-30', null],
  ['2026-13-01', null],
  ['2026-00-01', null],
  ['2026-01-05T24:00:00', null],
  ['2026-01-05T12:60', null],
  ['2026-01-05T23:59:60', null],
  ['2026-01-05 12', null],
  ['2026-01-05 12:3', null],
  ['2026-01-05 12:30:5', null],
  ['2026-01-05 12:30:00.', null],
  ['2026-01-05  12:30', null],
  ['2026-01-05t12:30', null],
  ['2026-01-05T12:30z', null],
  ['2026-01-05 12:30:00+16', null],
  ['2026-01-05 12:30:00+2', null],
  ['2026-01-05 12:30:00+02:00:30', null],
  ['2026-01-05 12:30:00  +02', null],
  ['2026-01-05 12:30:00 Europe/Berlin', null],
  ['2026-01-05 12:30:00 America/Port-au-Prince', null],
  ['2026-01-05 12:30:00 EST', null],
  ['2026-01/05', null],
  ['2026 01 05', null],
  ['2026-01-05 (BC)', null],
  ['20260105', null],
  ['20260105T123000Z', null],
  ['05.01.2026', null],
  ['01/05/2026', null],
  ['12:30', null],
  ['epoch', null],
  ['infinity', null],
  ['1767616200', null],
] as const;

const secondsTimes = [
  ['1767616200', '2026-01-05T12:30:00.000Z'],
  ['1767616200.0', '2026-01-05T12:30:00.000Z'],
  ['1767616200.1239', '2026-01-05T12:30:00.123Z'],
  ['1.7676162e9', '2026-01-05T12:30:00.000Z'],
  ['0', '1970-01-01T00:00:00.000Z'],
  ['-0.5', '1969-12-31T23:59:59.500Z'],
  ['-62135596800', '0001-01-01T00:00:00.000Z'],
  ['-62135596801', null],
  ['253402300799', '9999-12-31T23:59:59.000Z'],
  ['253402300800', null],
  ['1e30', null],
  ['inf', null],
  ['2026-01-05', null],
  ['1_767_616_200', null],
] as const;

const millisecondsTimes = [
  ['1767616200123', '2026-01-05T12:30:00.123Z'],
  ['1767616200123.9', '2026-01-05T12:30:00.123Z'],
  ['-1', '1969-12-31T23:59:59.999Z'],
  ['253402300800000', null],
] as const;

const basicTimes = [
  ['20260105', '2026-01-05T00:00:00.000Z'],
  ['20260230', null],
  ['2026015', null],
  ['202601051', null],
  ['2026-01-05', null],
  ['00000105', null],
] as const;

const europeanTimes = [
  ['05.01.2026 12:30', '2026-01-05T12:30:00.000Z'],
  ['5.1.2026 1:05', '2026-01-05T01:05:00.000Z'],
  ['31.02.2026 12:30', null],
  ['05x01x2026 12:30', null],
  ['05.01.2026', null],
  ['05.01.26 12:30', null],
] as const;

const compactTimes = [
  ['20260105T123015Z', '2026-01-05T12:30:15.000Z'],
  ['20260105T243015Z', null],
  ['20260105T12305Z', null],
] as const;

export const valueCases: readonly ValueCase[] = [
  ...numbers.map(of('number')),
  ...booleans.map(of('boolean')),
  ...isoTimes.map(of('timestamp')),
  ...secondsTimes.map(of('timestamp', 'epoch-seconds')),
  ...millisecondsTimes.map(of('timestamp', 'epoch-milliseconds')),
  ...basicTimes.map(of('timestamp', '%Y%m%d')),
  ...europeanTimes.map(of('timestamp', '%d.%m.%Y %H:%M')),
  ...compactTimes.map(of('timestamp', '%Y%m%dT%H%M%SZ')),
];
