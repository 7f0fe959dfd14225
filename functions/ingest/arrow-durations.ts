import { counted, listed, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { maximumFileColumns } from './ingest-limits.ts';

/** In the order of Arrow's `TimeUnit`. */
const units = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;
export type DurationUnit = (typeof units)[number];

/** `Duration` in Arrow's union of types, and the unit of one that names none (Schema.fbs). */
const [durationType, defaultUnit] = [18, 1];

/** In bytes; columns with longer names are refused. With it, bytes that refer to themselves over and over take no time or memory. */
const longestName = 1000;

/**
 * The columns that are durations, by name. Parquet has no type for them: Arrow writes whole numbers, and what they are into the file's
 * metadata, as `ARROW:schema`: a message in base64, in the format of FlatBuffers.
 * @param schema what stands there; of what is no such message nothing is known
 */
export function arrowDurations(schema: string): ReadonlyMap<string, DurationUnit> {
  try {
    return durationsIn(Buffer.from(schema, 'base64'));
  } catch (error) {
    // An offset leads out of the bytes.
    if (error instanceof RangeError) return new Map();
    throw error;
  }
}

function durationsIn(bytes: Buffer): Map<string, DurationUnit> {
  const found = new Map<string, DurationUnit>();
  // A mark and the length of the message stand before it.
  const start = bytes.readInt32LE(0) === -1 ? 8 : 4;
  const header = tableIn(bytes, start + bytes.readUInt32LE(start), 2);
  const fields = header === undefined ? undefined : tableIn(bytes, header, 1);
  if (fields === undefined) return found;
  const count = Math.min(bytes.readUInt32LE(fields), maximumFileColumns);
  for (let index = 0; index < count; index += 1) {
    const at = fields + 4 + 4 * index;
    const field = at + bytes.readUInt32LE(at);
    const kind = placeOf(bytes, field, 2);
    if (kind === undefined || bytes.readUInt8(kind) !== durationType) continue;
    const [name, type] = [tableIn(bytes, field, 0), tableIn(bytes, field, 3)];
    if (name === undefined || type === undefined) continue;
    const place = placeOf(bytes, type, 0);
    const unit = units[place === undefined ? defaultUnit : bytes.readInt16LE(place)];
    if (unit === undefined) continue;
    const length = bytes.readUInt32LE(name);
    if (length <= longestName) found.set(bytes.toString('utf8', name + 4, name + 4 + length), unit);
  }
  return found;
}

/** Where the bytes of a table's field are; `undefined` if it has none. */
function placeOf(bytes: Buffer, table: number, field: number): number | undefined {
  const directory = table - bytes.readInt32LE(table);
  const entry = 4 + 2 * field;
  if (entry >= bytes.readUInt16LE(directory)) return undefined;
  const offset = bytes.readUInt16LE(directory + entry);
  return offset === 0 ? undefined : table + offset;
}

/** Where the table, vector or text is that a table's field refers to. */
function tableIn(bytes: Buffer, table: number, field: number): number | undefined {
  const place = placeOf(bytes, table, field);
  return place === undefined ? undefined : place + bytes.readUInt32LE(place);
}

/** What is said of the columns that are read as whole numbers, one sentence for each unit. */
export function durationNotes(
  durations: ReadonlyMap<string, DurationUnit>,
  integers: readonly string[],
): Sentence[] {
  return units.flatMap((unit) => {
    const names = integers.filter((name) => durations.get(name) === unit);
    if (names.length === 0) return [];
    return [
      say`${counted(names.length, 'column')} of durations, ${listed(names)}, ${names.length === 1 ? 'is' : 'are'} read as whole numbers of ${unit}.`,
    ];
  });
}
