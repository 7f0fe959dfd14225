import { createHash } from 'node:crypto';
import type { ResourceContext } from './resource-type.ts';

/** An id of small letters and digits, as API Gateway gives them: the same at every start. */
export function shortId({ name }: Pick<ResourceContext, 'name'>, length: number): string {
  const digest = createHash('sha256')
    .update(name({ maximum: 255 }))
    .digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}
