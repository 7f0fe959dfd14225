import { describe, expect, it } from 'vitest';
import { timeRemedy } from '../../functions/ingest/time-remedy.ts';

describe('the remedy for a column of times that is not read as such', () => {
  it.each([
    [['1735689600000', '1735693200000'], "format: 'epoch-milliseconds'"],
    [['1735689600', '1735693200.5'], "format: 'epoch-seconds'"],
    [['20260101'], "format: '%Y%m%d'"],
    [['31.12.2026', '1.1.2026'], "format: '%d.%m.%Y'"],
    [['2026/12/31'], "format: '%Y/%m/%d'"],
    [['1/1/2025', '12/28/2025'], "'%m/%d/%Y' } }`"],
    [['1/1/2025'], "'%d/%m/%Y' } }`, whichever is meant"],
    [['soon', '1735689600'], "format: '%d.%m.%Y'"],
    [[], "format: '%d.%m.%Y'"],
  ])('of %j names the format that reads them', (examples, said) => {
    const remedy = timeRemedy('at', examples);

    expect(remedy).toContain('ISO 8601');
    expect(remedy).toContain(said);
    for (const value of examples) expect(remedy).not.toContain(value);
  });
});
