import * as z from 'zod';
import { kmsKeyId, s3Uri } from './members.schema.ts';

const contentTypes = z
  .array(
    z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*$/, 'Not a content type.'),
  )
  .min(1)
  .max(10);

/** `DataCaptureConfig` of an endpoint configuration. */
export const dataCaptureSchema = z.strictObject({
  EnableCapture: z.boolean().default(false),
  InitialSamplingPercentage: z.int().min(0).max(100),
  DestinationS3Uri: s3Uri.max(512),
  KmsKeyId: kmsKeyId.optional(),
  CaptureOptions: z
    .array(z.strictObject({ CaptureMode: z.enum(['Input', 'Output', 'InputAndOutput']) }))
    .min(1)
    .max(32),
  CaptureContentTypeHeader: z
    .strictObject({ CsvContentTypes: contentTypes.optional(), JsonContentTypes: contentTypes.optional() })
    .optional(),
});
export type DataCaptureConfig = z.infer<typeof dataCaptureSchema>;
