import { unsupported } from '../../aws-error.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** What the list operations have in common. */
export interface ListParameters {
  readonly prefix: string;
  readonly delimiter: string;
  /** At most 1,000, whatever the client asks for. */
  readonly maxKeys: number;
  /** Whether keys are URL-encoded in the answer, for parsers that choke on some characters. */
  readonly encodesKeys: boolean;
}

export const listQuery = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

export function listParameters({ query }: S3Request): ListParameters {
  const maxKeys = Number(query.get('max-keys') ?? 1000);
  if (!Number.isInteger(maxKeys) || maxKeys < 0)
    throw s3Error.invalidArgument('Provided max-keys not an integer or within integer range');
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') throw unsupported(`s3 lists with the encoding ${encoding}`);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(maxKeys, 1000),
    encodesKeys: encoding === 'url',
  };
}

/** The part of a key up to the first delimiter behind the prefix, if the list groups by it. */
export function commonPrefixOf(key: string, { prefix, delimiter }: ListParameters): string | undefined {
  if (delimiter === '') return undefined;
  const index = key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + delimiter.length);
}

/** Behind every key that starts with `prefix`: the last character there is sorts after all others. */
export function behindPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** Parameters as the answer repeats them, and `shown` for keys and prefixes. */
export function listAnswer({ prefix, delimiter, maxKeys, encodesKeys }: ListParameters) {
  const shown = (key: string) => (encodesKeys ? urlEncoded(key) : key);
  return {
    shown,
    elements: {
      Prefix: shown(prefix),
      ...(delimiter !== '' && { Delimiter: shown(delimiter) }),
      MaxKeys: maxKeys,
      ...(encodesKeys && { EncodingType: 'url' }),
    },
  };
}

function urlEncoded(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');
}
