import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { changeTags } from './tagged-resources.ts';

const inputSchema = z.strictObject({
  ResourceArn: z.string().max(256),
  TagKeys: z.array(z.string().min(1).max(128)).min(1).max(50),
});

/** `DeleteTags` */
export function deleteTags({ tables }: Context) {
  return async (input: unknown) => {
    const { ResourceArn, TagKeys } = parseInput('sagemaker:DeleteTags', inputSchema, input);
    await changeTags(tables, ResourceArn, (current) => current.filter(({ Key }) => !TagKeys.includes(Key)));
    return {};
  };
}
