import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';

/**
 * A request to the prediction function with one raw row, as JSON. Without what is missing, and without times that the definition has in a
 * format of their own: the row holds them as they are stored.
 */
export function sampleRequest(
  { model, features }: Pick<Encoding, 'model' | 'features'>,
  row: Readonly<Record<string, unknown>>,
): string {
  const fields = features.flatMap((feature) => {
    const value = row[feature.column];
    const isStoredOtherwise = feature.kind === 'time' && feature.format !== undefined;
    return value === null || value === undefined || isStoredOtherwise ? [] : [[feature.column, plain(value)]];
  });
  return `${JSON.stringify({ model, records: [Object.fromEntries(fields)] })}\n`;
}

/** 64-bit integers that JSON's numbers cannot hold are text, which the function reads alike. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
