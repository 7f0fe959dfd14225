import * as z from 'zod';

export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Of the whole object, or of its parts' checksums. */
export const checksumTypeSchema = z.enum(['FULL_OBJECT', 'COMPOSITE']);

/** A checksum as S3 shows it: base64, with `-<parts>` behind a composite one. */
export const checksumSchema = z.strictObject({
  algorithm: z.enum(checksumAlgorithms),
  type: checksumTypeSchema,
  value: z.string(),
});
export type Checksum = z.infer<typeof checksumSchema>;

/** A file of content. An object has one, or one per part of its multipart upload. */
export const segmentSchema = z.strictObject({ blob: z.string(), size: z.int() });
export type Segment = z.infer<typeof segmentSchema>;

export const objectLockModeSchema = z.enum(['GOVERNANCE', 'COMPLIANCE']);

/** Protection of one version from deletion. */
export const versionLockSchema = z.strictObject({
  mode: objectLockModeSchema.optional(),
  /** ISO 8601. */
  retainUntil: z.iso.datetime().optional(),
  legalHold: z.boolean().default(false),
});
export type VersionLock = z.infer<typeof versionLockSchema>;

/** What a client says about an object besides its content. */
export const objectHeadersSchema = z.strictObject({
  contentType: z.string(),
  /** `cache-control`, `content-disposition`, `content-encoding`, `content-language`, `expires`, as given. */
  system: z.record(z.string(), z.string()),
  /** Without the `x-amz-meta-` in front. */
  user: z.record(z.string(), z.string()),
});
export type ObjectHeaders = z.infer<typeof objectHeadersSchema>;

const versionFields = {
  bucket: z.string(),
  key: z.string(),
  /** `null` for what was written while the bucket was not versioned, as S3 calls it. */
  versionId: z.string(),
  /** 16 hexadecimal digits, increasing over every write of the region. */
  sequencer: z.string(),
  /** ISO 8601 with milliseconds. */
  lastModified: z.iso.datetime(),
};

export const storedObjectSchema = z.strictObject({
  ...versionFields,
  kind: z.literal('object'),
  size: z.int(),
  /** Without quotes. */
  etag: z.string(),
  segments: z.array(segmentSchema),
  headers: objectHeadersSchema,
  checksum: checksumSchema.optional(),
  lock: versionLockSchema.optional(),
});
export type StoredObject = z.infer<typeof storedObjectSchema>;

export const deleteMarkerSchema = z.strictObject({ ...versionFields, kind: z.literal('delete-marker') });
export type DeleteMarker = z.infer<typeof deleteMarkerSchema>;

export const objectVersionSchema = z.discriminatedUnion('kind', [storedObjectSchema, deleteMarkerSchema]);
export type ObjectVersion = z.infer<typeof objectVersionSchema>;
