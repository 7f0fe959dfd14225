import { modelName } from '@tidemark/domain/names.ts';

const prefix = 'labels/';

/** What a key under `labels/` is. */
export type LabelKey =
  | { readonly kind: 'labels'; readonly model: string }
  /** A folder's placeholder, or a name that begins with `_` or `.`, which tools leave behind. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'misplaced';
      /** What the rejection is filed under: never a model that could exist. */
      readonly subject: string;
    };

/** Takes `labels/<model>/…` apart, or says that the key is not of that form. */
export function parseLabelKey(key: string): LabelKey {
  const [model = '', ...folders] = key.slice(prefix.length).split('/');
  const name = folders.at(-1);
  if (name === '' || folders.some((part) => part.startsWith('_') || part.startsWith('.'))) {
    return { kind: 'hidden' };
  }
  if (name === undefined || !modelName.safeParse(model).success) {
    return { kind: 'misplaced', subject: model === '' ? prefix : model };
  }
  return { kind: 'labels', model };
}
