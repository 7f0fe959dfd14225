/**
 * What counts as a blank: the white space and line ends of ECMAScript, which `String.prototype.trim` removes, so that both readings
 * of a value agree on every character.
 */
export const blanks = [
  '\t\n\v\f\r \u00a0\u1680',
  '\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
  '\u2028\u2029\u202f\u205f\u3000\ufeff',
].join('');

/** A text without the blanks around it. */
export function trimmed(text: string): string {
  return text.trim();
}
