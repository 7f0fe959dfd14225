import * as z from 'zod';

const text = z.string().optional().catch(undefined);
const inputSchema = z.object({
  model: text,
  detail: z
    .object({
      model: text,
      alarmName: text,
      object: z.object({ key: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** Folders of the data bucket, below which comes the model. */
const modelKey = /^(?:definitions\/([^/]+)\.yaml|(?:incoming|labels)\/([^/]+)\/)/;
const modelAlarm = /^tidemark-[a-z0-9]+-model-(.+)-(?:drift|quality)$/;

/**
 * The model that an execution is about, by its input: a domain event, an object in the data bucket, an alarm, or an input by hand.
 * @param input JSON
 */
export function modelOf(input: string | undefined): string | undefined {
  if (input === undefined) return undefined;
  const { model, detail } = inputSchema.safeParse(JSON.parse(input)).data ?? {};
  const key = modelKey.exec(detail?.object?.key ?? '');
  return model ?? detail?.model ?? key?.[1] ?? key?.[2] ?? modelAlarm.exec(detail?.alarmName ?? '')?.[1];
}
