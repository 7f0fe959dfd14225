import { z } from 'zod';
import { stageName } from './names.ts';

/** What every function's environment holds. Set by `infra/functions/tidemark-function.ts`, read once per process. */
export const environmentSchema = z.object({
  STAGE: stageName,
  TABLE_NAME: z.string().min(1),
  DATA_BUCKET: z.string().min(1),
  ARTIFACTS_BUCKET: z.string().min(1),
  /** Content hash of the bundled handlers: which code decided. */
  CODE_VERSION: z.string().min(1),
  AWS_REGION: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
