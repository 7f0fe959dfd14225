import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { parseDefinitionKey } from './definition-key.ts';
import { definitionRejected } from './onboard-events.ts';
import { failureInputSchema, type Onboarding } from './onboarding.schema.ts';
import { onboardingOf, quiet, toldOfOnboarding } from './onboarding.ts';
import { Onboardings } from './onboardings.client.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const onboardings = new Onboardings(table);

/**
 * When reading a definition failed although the file is not at fault: tells its owner, who would wait otherwise. If the
 * definition was registered all the same, and only the answer was lost, it tells that. Safe to repeat.
 */
export const handler = entry({
  capability: 'onboard',
  name: 'report-failure',
  input: failureInputSchema,
  subject: ({ event }) => ({ objectKey: event.detail.object.key }),
  run: reportFailure,
  told: toldOfOnboarding,
});

async function reportFailure(input: z.infer<typeof failureInputSchema>): Promise<Onboarding> {
  const { event, failure } = input;
  const { bucket, object } = event.detail;
  const key = parseDefinitionKey(object.key);
  if (key.kind === 'folder') return quiet('ignored', `${object.key} is a folder.`);
  const model = key.kind === 'definition' ? key.model : key.subject;

  const registered = await onboardings.registrationEvent(model, event.id);
  if (registered) return onboardingOf('onboarded', [registered]);
  const pin = { bucket: bucket.name, key: object.key, versionId: object['version-id'] };
  const problem = {
    line: null,
    column: null,
    field: '',
    what: `Tidemark could not handle the file (${failure.Error}); nothing is known to be wrong with it.`,
    remedy:
      'Put it again. The operators of Tidemark were alerted and find the cause in the failed execution.',
  };
  const rejected = definitionRejected(model, pin, [problem], { causeId: event.id, now: new Date() });
  return onboardingOf('rejected', await table.commit([], [rejected]));
}
