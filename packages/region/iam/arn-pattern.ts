import { PolicyError } from './policy-error.ts';
import { type Fits, wildcard } from './wildcard.ts';

/** `arn:partition:service:region:account:resource` */
const parts = 6;

/**
 * Whether an ARN fits a pattern, part by part: a wildcard does not reach over a colon, except in the last part.
 * Case counts.
 * @throws PolicyError for a pattern that is neither `*` nor has an ARN's six parts
 */
export function arnPattern(pattern: string): Fits {
  if (pattern === '*') return () => true;
  const patterns = partsOf(pattern);
  if (patterns.length < parts || patterns[0] !== 'arn')
    throw new PolicyError(`'${pattern}' is neither '*' nor an ARN of six parts.`);
  const fits = patterns.map((part) => wildcard(part));
  return (arn) => {
    const found = partsOf(arn);
    return found.length === parts && fits.every((isFit, index) => isFit(found[index] ?? ''));
  };
}

function partsOf(arn: string): string[] {
  const pieces = arn.split(':');
  return pieces.length <= parts ? pieces : [...pieces.slice(0, parts - 1), pieces.slice(parts - 1).join(':')];
}
