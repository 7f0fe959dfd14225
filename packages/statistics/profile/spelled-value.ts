import { Buffer } from 'node:buffer';
import { InvariantError } from '../errors.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import type { ValueHasher } from './value-hash.ts';

/** As a profile spells a number or a time. */
export function spelledNumber(value: number, isTime: boolean): string {
  return isTime ? new Date(value).toISOString() : String(value);
}

/** The number of a profile's spelling. */
export function numberSpelled(text: string, isTime: boolean): number {
  const value = isTime ? Date.parse(text) : Number(text);
  if (Number.isNaN(value))
    throw new InvariantError(`A profile spells a ${isTime ? 'time' : 'number'} "${text}".`);
  return value;
}

/** Hashes a text as a profile spells it. */
export function hashText(hasher: ValueHasher, text: string): void {
  const bytes = Buffer.from(text);
  hasher.ofBytes(bytes, 0, bytes.length);
}

/** Hashes a value of the type, from its spelling in a profile. */
export function hashSpelled(hasher: ValueHasher, type: ColumnType | null, value: string): void {
  if (type === 'string' || type === 'boolean' || type === null) hashText(hasher, value);
  else hasher.ofNumber(numberSpelled(value, type === 'timestamp'));
}
