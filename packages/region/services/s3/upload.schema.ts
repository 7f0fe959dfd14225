import * as z from 'zod';
import {
  checksumAlgorithms,
  checksumSchema,
  checksumTypeSchema,
  objectHeadersSchema,
  segmentSchema,
  versionLockSchema,
} from './object-version.schema.ts';

/** A multipart upload that is neither completed nor aborted. */
export const uploadSchema = z.strictObject({
  uploadId: z.string(),
  bucket: z.string(),
  key: z.string(),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  headers: objectHeadersSchema,
  /** The write that made the key's object at the beginning of the upload; missing if there was none. */
  sequencerAtStart: z.string().optional(),
  checksum: z.strictObject({ algorithm: z.enum(checksumAlgorithms), type: checksumTypeSchema }).optional(),
  lock: versionLockSchema.optional(),
});
export type Upload = z.infer<typeof uploadSchema>;

export const uploadPartSchema = z.strictObject({
  uploadId: z.string(),
  partNumber: z.int(),
  /** Hexadecimal MD5. */
  etag: z.string(),
  segment: segmentSchema,
  checksum: checksumSchema.optional(),
});
export type UploadPart = z.infer<typeof uploadPartSchema>;

/** Parts sort by number. */
export function partKey(uploadId: string, partNumber: number): string {
  return `${uploadId}\0${String(partNumber).padStart(5, '0')}`;
}
