import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { listModelsInputSchema, type ModelPage } from './onboarding.schema.ts';

/** So many executions of half a minute, five at a time, end within the machine's hour, and their history stays far below 25,000 events. */
const mostModels = 500;

const environment = environmentSchema.parse(process.env);
const models = new Models(new RegistryTable(environment.TABLE_NAME));

/** The models of the registry by name, a page at a time. */
export const handler = entry({
  capability: 'onboard',
  name: 'list-models',
  input: listModelsInputSchema,
  subject: () => ({}),
  run: listModels,
  told: ({ models }) => told('done', 'listed', { subject: { items: models.length } }),
});

async function listModels(input: z.infer<typeof listModelsInputSchema>): Promise<ModelPage> {
  const { after } = input;
  const page: string[] = [];
  for await (const { model } of models.list()) {
    if (model <= after) continue;
    if (page.length === mostModels) return { models: page, next: page.at(-1) ?? null };
    page.push(model);
  }
  return { models: page, next: null };
}
