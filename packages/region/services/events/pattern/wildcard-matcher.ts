import { InvalidPatternError } from './invalid-pattern-error.ts';

/**
 * A matcher for `wildcard`: `*` is any run of characters, `\*` and `\\` are the characters themselves.
 * Each literal piece is searched for behind the one before, which is linear where a regular expression may not be.
 */
export function wildcardMatcher(pattern: string, where: string): (value: string) => boolean {
  const pieces = literalPieces(pattern, where);
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let position = first.length;
    for (const piece of rest) {
      const found = value.indexOf(piece, position);
      if (found < 0) return false;
      position = found + piece.length;
    }
    return position <= end;
  };
}

/** What stands between the stars. */
function literalPieces(pattern: string, where: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') {
      if (pattern.charAt(index + 1) === '*')
        throw new InvalidPatternError(where, 'Consecutive wildcard characters are not allowed');
      pieces.push(piece);
      piece = '';
    } else if (character === '\\') {
      index += 1;
      const escaped = pattern.charAt(index);
      if (escaped !== '*' && escaped !== '\\')
        throw new InvalidPatternError(where, 'Invalid escape character: only \\* and \\\\ are allowed');
      piece += escaped;
    } else piece += character;
  }
  return [...pieces, piece];
}
