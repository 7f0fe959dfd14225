import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import type { Checksum, ChecksumAlgorithm } from './object-version.schema.ts';

/** A running checksum over bytes. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** Base64, as it travels in `x-amz-checksum-…`. */
  digest(): Promise<string>;
}

const crcs = { CRC32: Crc32, CRC32C: Crc32c, CRC64NVME: Crc64Nvme };

export function runningChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest('base64') };
  }
  const crc = new crcs[algorithm]();
  return {
    update: (bytes) => crc.update(bytes),
    digest: async () => Buffer.from(await crc.digest()).toString('base64'),
  };
}

/** The header or trailer that carries a checksum. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The checksum of the parts' checksums, which S3 gives a multipart upload of type `COMPOSITE`. */
export async function compositeChecksum(
  algorithm: ChecksumAlgorithm,
  partValues: readonly string[],
): Promise<Checksum> {
  const running = runningChecksum(algorithm);
  for (const value of partValues) running.update(Buffer.from(value, 'base64'));
  return { algorithm, type: 'COMPOSITE', value: `${await running.digest()}-${partValues.length}` };
}

/** A checksum as elements of a result document. */
export function checksumElements({
  checksum,
}: {
  readonly checksum?: Checksum | undefined;
}): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}
