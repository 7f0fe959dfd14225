import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { tags } from './members.schema.ts';
import { changeTags, mergeTags } from './tagged-resources.ts';

const inputSchema = z.strictObject({ ResourceArn: z.string().max(256), Tags: tags });

/** `AddTags` */
export function addTags({ tables }: Context) {
  return async (input: unknown) => {
    const { ResourceArn, Tags } = parseInput('sagemaker:AddTags', inputSchema, input);
    return { Tags: await changeTags(tables, ResourceArn, (current) => mergeTags(current, Tags)) };
  };
}
