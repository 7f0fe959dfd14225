import type { Visit } from '../execution-run.ts';
import type { ItemReader, Json } from '../machine-definition.schema.ts';
import { jsonSchema } from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import { type Parameters, parametersOf } from '../tasks/parameters.ts';
import { evaluateTemplate, evaluateWhole, type Site } from '../template.ts';
import { callS3 } from './s3-call.ts';

/**
 * The items that a reader names: an object's JSON array or JSON lines, or the objects under a prefix. Read as the machine's role.
 * @throws StateError `States.ItemReaderFailed` when they cannot be read
 */
export async function readItems(reader: ItemReader, visit: Visit, site: Site): Promise<Json[]> {
  const given = parametersOf(await evaluateTemplate(reader.Arguments, 'ItemReader/Arguments', site));
  const { MaxItems } = reader.ReaderConfig ?? {};
  const most =
    MaxItems === undefined
      ? undefined
      : await evaluateWhole(MaxItems, 'ItemReader/ReaderConfig/MaxItems', site, 1);
  try {
    const items = reader.Resource.endsWith(':listObjectsV2')
      ? await listedObjects(given, visit)
      : parsed(await objectText(given, visit), reader.ReaderConfig?.InputType);
    return items.slice(0, most);
  } catch (error) {
    if (error instanceof StateError && error.errorName !== 'States.ItemReaderFailed')
      throw readerFailed(`${error.errorName}: ${error.cause ?? ''}`);
    throw error;
  }
}

async function objectText(given: Parameters, visit: Visit): Promise<string> {
  const { Body } = await callS3('getObject', given, visit);
  if (typeof Body !== 'string') throw readerFailed('The object has no content.');
  return Body;
}

async function listedObjects(given: Parameters, visit: Visit): Promise<Json[]> {
  const found: Json[] = [];
  for (let token: Json | undefined; ; ) {
    const page = await callS3(
      'listObjectsV2',
      { ...given, ...(token && { ContinuationToken: token }) },
      visit,
    );
    found.push(...(Array.isArray(page.Contents) ? page.Contents : []).map(listedObject));
    token = page.NextContinuationToken;
    if (token === undefined || token === null) return found;
  }
}

/** As Step Functions hands out a listed object: the time in seconds, and `Etag` for S3's `ETag`. */
function listedObject(object: Json): Json {
  const { ETag, Key, LastModified, Size, StorageClass } = parametersOf(object);
  return {
    Etag: ETag ?? null,
    Key: Key ?? null,
    LastModified: typeof LastModified === 'string' ? Math.floor(Date.parse(LastModified) / 1000) : null,
    Size: Size ?? null,
    StorageClass: StorageClass ?? 'STANDARD',
  };
}

function parsed(text: string, inputType: string | undefined): Json[] {
  const items: unknown =
    inputType === 'JSONL'
      ? text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parse(line)]))
      : parse(text);
  // AWS's own words (LocalStack 8b9a79f, test_map_item_reader_json_no_json_list_object).
  const result = jsonSchema.array().safeParse(items);
  if (!result.success) throw readerFailed('Attempting to map over non-iterable node.');
  return result.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw readerFailed(`The object is not valid JSON: ${String(error)}`);
  }
}

const readerFailed = (cause: string): StateError => new StateError('States.ItemReaderFailed', cause);
