import * as z from 'zod';

/** A repository's URI; with an asterisk for its last name, all below that path. */
const repository = z
  .string()
  .regex(
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?:\/\*)?$/,
    'must be a repository of ECR without a tag, such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn, or all below a path, such as …/models/*',
  );

/** `limits.images` of `cdk.json`. */
export const allowedImages = z.array(repository);
/** `limits.networkIsolation` of `cdk.json`. */
export const isolationRule = z.enum(['always', 'where-allowed']);

/** What functions that look at images find in their environment. */
export const imageLimitsEnvironmentSchema = z.object({
  /** JSON; `null`: any repository. */
  IMAGES: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(allowedImages.nullable()),
  NETWORK_ISOLATION: isolationRule,
});
