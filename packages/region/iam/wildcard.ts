import { PolicyError } from './policy-error.ts';

/** Whether a text fits a pattern, in which `*` stands for any characters and `?` for one. */
export type Fits = (text: string) => boolean;

/** @throws PolicyError for a policy variable, which would have to be replaced before */
export function wildcard(pattern: string, { ignoreCase = false } = {}): Fits {
  if (pattern.includes('${')) throw new PolicyError(`The policy variable in '${pattern}' is not served.`);
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern) && !ignoreCase) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su');
  return (text) => expression.test(text);
}
