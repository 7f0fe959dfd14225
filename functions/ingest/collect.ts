import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { folderOf, isMarker, parseArrivalKey } from './arrival-key.ts';

/**
 * Which of the listed objects make up a batch.
 * @param folder the marker's folder; `null` when everything that waits for a new model is wanted: with markers, the marked folders
 */
export function filesToCollect<T extends { readonly key: string }>(
  listed: readonly T[],
  folder: string | null,
  { complete, marker }: Definition['ingestion'],
): T[] {
  const isMarked = ({ key }: T) => complete === 'marker' && isMarker(key, marker);
  const marked = complete === 'marker' ? listed.filter(isMarked).map(({ key }) => folderOf(key)) : [''];
  const folders = folder === null ? marked : [folder];
  return listed.filter(
    (object) =>
      !isMarked(object) &&
      parseArrivalKey(object.key).kind === 'data' &&
      folders.some((prefix) => object.key.startsWith(prefix)),
  );
}
