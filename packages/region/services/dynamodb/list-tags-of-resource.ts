import * as z from 'zod';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Engine } from './engine.ts';
import { settingsOf } from './table-settings.ts';

const inputSchema = z.strictObject({ ResourceArn: z.string(), NextToken: z.string().optional() });

export function listTagsOfResource(engine: Engine): JsonOperation {
  return async (input) => {
    const { ResourceArn } = parseInput('dynamodb:ListTagsOfResource', inputSchema, input);
    const name = ResourceArn.split('/').at(-1) ?? '';
    return await engine.exclusively(async () => {
      await engine.table(name);
      return { Tags: (await settingsOf(engine, name)).tags };
    });
  };
}
