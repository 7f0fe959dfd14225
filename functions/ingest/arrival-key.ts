import { dataKeys } from '@tidemark/domain/names.ts';
import { maximumKeyBytes } from './ingest-limits.ts';

/** What a key under `incoming/` says of its object. */
export type ArrivalKey =
  | {
      readonly kind: 'data';
      readonly model: string;
      /** Key within the model's folder. */
      readonly path: string;
    }
  /** Something that tools leave behind: a folder's placeholder, or a name that begins with `_` or `.`. */
  | { readonly kind: 'hidden'; readonly model: string; readonly path: string }
  /** No model can be told from the key, or the key is too long to be kept track of. */
  | { readonly kind: 'misplaced'; readonly model: string; readonly why: string };

const incoming = 'incoming/';

/** Reads a key. Whether a hidden object is a marker is for the model's definition to say: see `isMarker`. */
export function parseArrivalKey(key: string): ArrivalKey {
  const [model = '', ...folders] = key.slice(incoming.length).split('/');
  const path = folders.join('/');
  if (folders.length === 0) {
    return {
      kind: 'misplaced',
      model: model === '' ? incoming : model,
      why: 'It is not in the folder of a model.',
    };
  }
  if (path === '' || path.endsWith('/')) return { kind: 'hidden', model, path };
  if (Buffer.byteLength(key) > maximumKeyBytes) {
    return { kind: 'misplaced', model, why: `Its key has more than ${maximumKeyBytes} bytes.` };
  }
  const hidden = folders.some((name) => name.startsWith('_') || name.startsWith('.'));
  return { kind: hidden ? 'hidden' : 'data', model, path };
}

/** Whether the object is the marker that completes its folder. */
export function isMarker(key: string, marker: string): boolean {
  return key.endsWith(`/${marker}`);
}

/** The folder of a key, with its slash. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** Where a rejected file goes. */
export function quarantineKey(model: string, batchId: string, key: string): string {
  return `${dataKeys.quarantine(model, batchId)}files/${key.slice(dataKeys.incoming(model).length)}`;
}
