/** A turn of phrase that a reader must decode, and what to write instead. */
export interface AvoidedWord {
  /** As `CONTRIBUTING.md` lists it. */
  readonly word: string;
  readonly pattern: RegExp;
}

/** Words to avoid, as `CONTRIBUTING.md` has them with what to write instead. */
export const avoidedWords: readonly AvoidedWord[] = [
  { word: 'whoever', pattern: /\bwhoever\b/gi },
  { word: 'nobody', pattern: /\bnobody\b/gi },
  { word: 'anew', pattern: /\banew\b/gi },
  { word: 'lest', pattern: /\blest\b/gi },
  { word: 'in vain', pattern: /\bin vain\b/gi },
  { word: 'go on', pattern: /\b(go|goes|going|went|gone) on\b/gi },
  { word: 'mend', pattern: /\bmend(s|ed|ing)?\b/gi },
  // Not "there is no failure", which is plain, nor "is no longer".
  {
    word: 'is no failure',
    pattern:
      /(?<!\b(?:there|here|that there|if there) )\b(?:is|are|was|were) no (?!longer|more|less|fewer|later|one\b|such)\w+/gi,
  },
];

/** Where a text uses such a word: the word with what stands around it. */
export function avoidedIn(text: string): string[] {
  return avoidedWords.flatMap(({ pattern }) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) =>
      text
        .slice(Math.max(0, index - 30), index + found.length + 30)
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ),
  );
}
