/** Letters of scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const unspacedRun = new RegExp(`(?:${unspaced.source})+`, 'gu');

/** Longer texts are read so far: what they are about shows by then. */
const readCharacters = 10_000;
/** Letters of an unspaced script that make a word, on average. */
const lettersPerWord = 2;

/** The words of a text, in lower case, each once. Pairs of letters stand for the words of scripts without blanks. */
export function wordsOf(text: string): string[] {
  const read = text.slice(0, readCharacters).toLowerCase();
  const pairs = (read.match(unspacedRun) ?? []).flatMap(pairsOf);
  const spaced = read.replaceAll(unspacedRun, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set([...spaced, ...pairs])];
}

function pairsOf(run: string): string[] {
  const letters = [...run];
  return letters.length === 1
    ? letters
    : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}

/**
 * How many words a text has, as far as it reads as text: parts between blanks that have two letters in a row. An identifier, a date or
 * an amount has none or one, however many hyphens it has.
 */
export function wordCount(text: string): number {
  const read = text.slice(0, readCharacters);
  const unspacedLetters = (read.match(unspacedRun) ?? []).reduce((sum, run) => sum + [...run].length, 0);
  const spaced = read
    .replaceAll(unspacedRun, ' ')
    .split(/\s+/)
    .filter((part) => /\p{L}\p{L}/u.test(part));
  return spaced.length + Math.floor(unspacedLetters / lettersPerWord);
}

/** Whether most of some texts are of several words. */
export function isFreeText(texts: readonly string[]): boolean {
  const several = texts.filter((text) => wordCount(text) >= 2).length;
  return texts.length > 0 && 2 * several > texts.length;
}
