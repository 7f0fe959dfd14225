import { Buffer, isUtf8 } from 'node:buffer';
import { longestText } from './limits.ts';
import { ValueHasher } from './value-hash.ts';

/** Bytes of the beginning that a shortened text keeps; its hash takes 19 more. */
const keptBytes = 236;

/**
 * The bytes that stand for a text: its own, or those of its beginning and its hash when it is long. Bytes that are not UTF-8 become
 * replacement characters, as a profile is JSON and every reader of it must find the same value.
 * @returns `undefined` when the bytes stand for themselves, which is nearly always
 */
export function replacedText(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const isLong = end - start > longestText;
  if (!isLong && (isAscii(bytes, start, end) || isUtf8(bytes.subarray(start, end)))) return undefined;
  const text = Buffer.from(bytes.subarray(start, end)).toString('utf8');
  const readable = Buffer.from(text);
  return readable.length > longestText ? shortened(readable) : readable;
}

function shortened(bytes: Buffer): Buffer {
  let end = keptBytes;
  // A byte 10xxxxxx continues a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const hasher = new ValueHasher();
  hasher.ofBytes(bytes, 0, bytes.length);
  const hex = (half: number) => (half >>> 0).toString(16).padStart(8, '0');
  return Buffer.from(`${bytes.toString('utf8', 0, end)}…${hex(hasher.high)}${hex(hasher.low)}`);
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}
