import * as z from 'zod';

/** What we read of a cloud assembly's `manifest.json`. The CDK adds members with every release; those stay unread. */
export const assemblyManifestSchema = z.object({
  version: z.string(),
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).default({}),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

export const stackPropertiesSchema = z.object({
  templateFile: z.string(),
  stackName: z.string().optional(),
  parameters: z.record(z.string(), z.string()).default({}),
});

/** A stack's `<name>.assets.json`. */
export const assetManifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.enum(['zip', 'file']).default('file') }),
        destinations: z.record(z.string(), z.object({ bucketName: z.string(), objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});
