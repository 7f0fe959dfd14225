import { describe, expect, it } from 'vitest';
import { encodeRecords } from '../../functions/capture/encode-records.ts';
import { distance, encodingOf, international } from './encodings.ts';

const encoding = encodingOf(distance, international);

describe('records that cannot be encoded', () => {
  it('are told by position, column and remedy, the first five of them', () => {
    const records = [{ distance: 1 }, ...Array(7).fill({ distance: 'far' })];

    expect(() => encodeRecords(encoding, records)).toThrow(
      /^7 of 8 records cannot be encoded, so nothing was predicted\. records\[1\]: The column distance holds a text of 3 characters.*records\[5\].*\(and 2 more\)$/,
    );
  });
});
