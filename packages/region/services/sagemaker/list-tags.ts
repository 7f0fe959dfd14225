import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { changeTags } from './tagged-resources.ts';

/** All tags fit one page. */
const inputSchema = z.strictObject({
  ResourceArn: z.string().max(256),
  MaxResults: z.int().min(50).optional(),
});

/** `ListTags` */
export function listTags({ tables }: Context) {
  return async (input: unknown) => {
    const { ResourceArn } = parseInput('sagemaker:ListTags', inputSchema, input);
    return { Tags: await changeTags(tables, ResourceArn, (current) => current) };
  };
}
