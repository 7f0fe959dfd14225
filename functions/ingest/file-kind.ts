import { type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { unacceptable } from './data-finding.ts';

/** How a file is stored; text is then CSV or JSON Lines. */
export type FileKind = 'parquet' | 'gzip' | 'text';

/** Bytes that tell foreign formats from text, with what people call them and how to get rid of them. */
const foreign: readonly { bytes: readonly number[]; name: Sentence; remedy: Sentence }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    name: say`a ZIP archive or an Excel workbook`,
    remedy: say`Save it as CSV.`,
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], name: say`an old Excel workbook`, remedy: say`Save it as CSV.` },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    name: say`compressed by Zstandard`,
    remedy: say`Compress it with gzip, or leave it uncompressed.`,
  },
  {
    bytes: [0x42, 0x5a, 0x68],
    name: say`compressed by bzip2`,
    remedy: say`Compress it with gzip, or leave it uncompressed.`,
  },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    name: say`compressed by xz`,
    remedy: say`Compress it with gzip, or leave it uncompressed.`,
  },
  { bytes: [0xff, 0xfe], name: say`UTF-16 text`, remedy: say`Save it as UTF-8.` },
  { bytes: [0xfe, 0xff], name: say`UTF-16 text`, remedy: say`Save it as UTF-8.` },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], name: say`an Avro file`, remedy: say`Save it as Parquet.` },
  { bytes: [0x4f, 0x52, 0x43], name: say`an ORC file`, remedy: say`Save it as Parquet.` },
  {
    bytes: [0x50, 0x41, 0x52, 0x45],
    name: say`an encrypted Parquet file`,
    remedy: say`Save it without encryption; the bucket encrypts.`,
  },
];

/** Parquet has these bytes at both ends. */
const parquetMagic = 'PAR1';

/**
 * Tells a file's kind by its first and last bytes; its name plays no part.
 * @throws UnacceptableFileError
 */
export function fileKindOf(first: Buffer, last: Buffer): FileKind {
  if (first.length === 0) {
    throw unacceptable(
      'empty-file',
      say`The file is empty: it has no bytes.`,
      say`There is nothing to learn from.`,
      say`Check the export that wrote it, and drop the file again.`,
    );
  }
  if (first.subarray(0, 4).toString('latin1') === parquetMagic) {
    if (last.toString('latin1') === parquetMagic && first.length > 8) return 'parquet';
    throw unacceptable(
      'truncated-parquet',
      say`The Parquet file is cut off: its last four bytes are not \`PAR1\`.`,
      say`A Parquet file is read from its end, which holds the directory of its columns.`,
      say`Write or upload the file again; the first attempt was probably interrupted.`,
    );
  }
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const known = foreign.find(({ bytes }) => bytes.every((byte, index) => first[index] === byte));
  if (known) {
    throw unacceptable(
      'file-format',
      say`The file is ${known.name}.`,
      say`Tidemark reads CSV, JSON Lines and Parquet, the first two also compressed with gzip.`,
      say`${known.remedy} Then drop the file again.`,
    );
  }
  return 'text';
}
