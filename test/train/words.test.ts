import { describe, expect, it } from 'vitest';
import { isFreeText, wordCount, wordsOf } from '../../functions/train/words.ts';

describe('words', () => {
  it.each([
    ['Free money now', 3],
    ['Braund, Mr. Owen Harris', 4],
    ['very good', 2],
    ['Größe über alles', 3],
    ['это просто текст', 3],
    ['这个产品非常好用', 4],
    ['とても良い商品でした', 5],
    ['สินค้านี้ดีมาก', 7],
    ['550e8400-e29b-41d4-a716-446655440000', 0],
    ['c0ffee00-e29b-41d4-a716-446655440000', 1],
    ['AB-12-34', 1],
    ['2026-01-01 12:30:00', 0],
    ['12 345,60', 0],
    ['https://example.org/a/b?c=d', 1],
    ['10115 Berlin', 1],
    ['', 0],
  ])('of %j are %i', (text, count) => {
    expect(wordCount(text)).toBe(count);
  });

  it('are told apart whatever their case and what stands between them', () => {
    expect(wordsOf('Win CASH-now, win!')).toEqual(['win', 'cash', 'now']);
    expect(wordsOf('好用的')).toEqual(['好用', '用的']);
  });

  it('make free text where most texts have several', () => {
    expect(isFreeText(['good price', 'bad service', 'ok'])).toBe(true);
    expect(isFreeText(['A-1', 'A-2', 'see note'])).toBe(false);
    expect(isFreeText([])).toBe(false);
  });
});
