import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import { code, type Sentence, say } from '@tidemark/statistics/sentence.ts';

/** What values that are not times may be, by how they are all written, and the format that reads them. */
const guesses: readonly (readonly [RegExp, readonly string[]])[] = [
  // Of the years 1973 to 2286, in milliseconds and in seconds.
  [/^\d{12,13}(\.\d+)?$/, ['epoch-milliseconds']],
  [/^\d{9,10}(\.\d+)?$/, ['epoch-seconds']],
  [/^\d{8}$/, ['%Y%m%d']],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, ['%d.%m.%Y']],
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, ['%m/%d/%Y', '%d/%m/%Y']],
  [/^\d{1,2}-\d{1,2}-\d{4}$/, ['%d-%m-%Y', '%m-%d-%Y']],
  [/^\d{4}\/\d{1,2}\/\d{1,2}$/, ['%Y/%m/%d']],
];

/**
 * What to do about a column of times whose values are not read as such.
 * @param examples some of those values, which are looked at and not shown
 */
export function timeRemedy(column: string, examples: readonly string[]): Sentence {
  const [, formats = ['%d.%m.%Y']] =
    guesses.find(([pattern]) => examples.length > 0 && examples.every((text) => pattern.test(text.trim()))) ??
    [];
  const [first = '', second] = formats.map((format) =>
    code(`columns: { ${yamlName(column)}: { type: time, format: '${format}' } }`),
  );
  const either = second === undefined ? say`${first}` : say`${first} or ${second}, whichever is meant`;
  return say`Write every time in ISO 8601 as in 2026-11-23T08:30:00Z, or say in the definition how it is spelled, such as ${either}.`;
}
