import * as z from 'zod';

/** What a token says. */
export const claimsSchema = z.record(z.string(), z.json());
export type TokenClaims = z.infer<typeof claimsSchema>;

/**
 * TokenClaims as functions get them: all texts. Numbers and truth values as they are written, a list as `[a b c]` parted by spaces,
 * an object as JSON; a claim that is null is left out. Reported of AWS by those who measured it:
 * https://github.com/floci-io/floci/pull/2011
 */
export function claimsAsTexts(claims: TokenClaims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]) => (value === null ? [] : [[name, textOf(value)]])),
  );
}

function textOf(value: z.infer<typeof claimsSchema>[string]): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** The scopes of a token, of `scope` or `scp`: parted by spaces, or a list. */
export function scopesOf({ scope, scp }: TokenClaims): string[] {
  const given = scope ?? scp;
  if (typeof given === 'string') return given.split(' ').filter((each) => each !== '');
  return Array.isArray(given) ? given.map(String) : [];
}
