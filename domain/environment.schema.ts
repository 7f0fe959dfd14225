import * as z from 'zod';
import { stageName } from './names.ts';

/** `{"cost-centre":"42"}` as SageMaker takes tags. */
const tags = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()))
  .transform((record) => Object.entries(record).map(([Key, Value]) => ({ Key, Value })));

/** What every function's environment holds. Set by `infra/functions/tidemark-function.ts`, read once per process. */
export const environmentSchema = z.object({
  STAGE: stageName,
  TABLE_NAME: z.string().min(1),
  DATA_BUCKET: z.string().min(1),
  ARTIFACTS_BUCKET: z.string().min(1),
  /** Content hash of the bundled handlers: which code decided. */
  CODE_VERSION: z.string().min(1),
  AWS_REGION: z.string().min(1),
  /** What the configuration has everything tagged with; what workflows make in SageMaker too. */
  TAGS: tags.prefault('{}'),
});
export type Environment = z.infer<typeof environmentSchema>;
