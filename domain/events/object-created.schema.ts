import * as z from 'zod';

/** S3's event for a new object version, as EventBridge delivers it: at least once, and in any order. */
export const objectCreatedSchema = z.object({
  id: z.string().min(1),
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      /** As it is, not URL-encoded as in S3's older notifications. */
      key: z.string().min(1),
      size: z.int().nonnegative(),
      /** There because the data bucket is versioned. */
      'version-id': z.string().min(1),
      /** Orders the versions of one key: see `compareSequencers`. */
      sequencer: z.string().min(1),
    }),
  }),
});
export type ObjectCreated = z.infer<typeof objectCreatedSchema>;
