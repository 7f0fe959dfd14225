import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import { mergeWindowFacts } from '@tidemark/domain/windows/merge-window-facts.ts';
import type * as z from 'zod';
import { WindowFiles } from './window-files.client.ts';
import { type MergeWindow, mergeWindowInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const objects = new Objects();
const files = new WindowFiles(objects, environment.ARTIFACTS_BUCKET);

/**
 * Makes one of the facts of all slices and of the labels that came. One slice after the other, so that memory holds two. Safe to
 * repeat: the same slices make the same facts.
 */
export const handler = entry({
  capability: 'monitor',
  name: 'merge-window',
  input: mergeWindowInputSchema,
  subject: ({ run }) => ({ model: run.model, version: run.version, windowId: run.windowId }),
  run: mergeWindow,
  told: ({ rows }) => told('done', 'merged', { subject: { items: rows } }),
});

async function mergeWindow(input: z.infer<typeof mergeWindowInputSchema>): Promise<MergeWindow> {
  const { run, window: pin } = input;
  const { model, windowId } = run;
  const names = windowKeys(model, windowId);
  const window = await files.window(pin);
  let facts = await files.facts(names.labels, pin);
  for (const index of window.slices.keys()) {
    facts = mergeWindowFacts([facts, await files.facts(names.slice(index + 1), pin)]);
  }
  const profile = await objects.putJson(environment.ARTIFACTS_BUCKET, names.profile, facts);
  return { profile, rows: facts.rows };
}
