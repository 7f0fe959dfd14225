import { createHash } from 'node:crypto';
import type { Definition } from './definition.schema.ts';

/**
 * Names what a definition says: SHA-256, 16 hexadecimal digits, of its fields in alphabetical order with every default
 * filled in. Comments, order and spelled-out defaults do not change it.
 */
export function definitionHash(definition: Definition): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(definition)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}
