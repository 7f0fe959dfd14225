import { createHash } from 'node:crypto';

/** Names a class without saying it: a class is a value of the data, and the registry holds none. 16 hexadecimal digits of SHA-256. */
export function hashOfClass(label: string): string {
  return createHash('sha256').update(label).digest('hex').slice(0, 16);
}
