import { unacceptable } from './problem.ts';

/** How a file is stored; text is then CSV or JSON Lines. */
export type FileKind = 'parquet' | 'gzip' | 'text';

/** Bytes that tell foreign formats from text, with what people call them and how to get rid of them. */
const foreign: readonly { bytes: readonly number[]; name: string; remedy: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: 'a ZIP archive or an Excel workbook', remedy: 'Save it as CSV.' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], name: 'an old Excel workbook', remedy: 'Save it as CSV.' },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    name: 'compressed by Zstandard',
    remedy: 'Compress it with gzip, or not.',
  },
  { bytes: [0x42, 0x5a, 0x68], name: 'compressed by bzip2', remedy: 'Compress it with gzip, or not.' },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    name: 'compressed by xz',
    remedy: 'Compress it with gzip, or not.',
  },
  { bytes: [0xff, 0xfe], name: 'UTF-16 text', remedy: 'Save it as UTF-8.' },
  { bytes: [0xfe, 0xff], name: 'UTF-16 text', remedy: 'Save it as UTF-8.' },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], name: 'an Avro file', remedy: 'Save it as Parquet.' },
  { bytes: [0x4f, 0x52, 0x43], name: 'an ORC file', remedy: 'Save it as Parquet.' },
  {
    bytes: [0x50, 0x41, 0x52, 0x45],
    name: 'an encrypted Parquet file',
    remedy: 'Save it without encryption; the bucket encrypts.',
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
      'The file is empty: it has no bytes.',
      'There is nothing to learn from.',
      'Check the export that wrote it, and drop the file again.',
    );
  }
  if (first.subarray(0, 4).toString('latin1') === parquetMagic) {
    if (last.toString('latin1') === parquetMagic && first.length > 8) return 'parquet';
    throw unacceptable(
      'truncated-parquet',
      'The Parquet file is cut off: its last four bytes are not `PAR1`.',
      'A Parquet file is read from its end, where the directory of its columns stands.',
      'Write or upload the file again; the first attempt was probably interrupted.',
    );
  }
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const known = foreign.find(({ bytes }) => bytes.every((byte, index) => first[index] === byte));
  if (known) {
    throw unacceptable(
      'file-format',
      `The file is ${known.name}.`,
      'Tidemark reads CSV, JSON Lines and Parquet, the first two also compressed with gzip.',
      `${known.remedy} Then drop the file again.`,
    );
  }
  return 'text';
}
