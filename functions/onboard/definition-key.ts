import { modelName } from '@tidemark/domain/names.ts';

/** What a key under `definitions/` is. */
export type DefinitionKey =
  | { readonly kind: 'definition'; readonly model: string }
  /** A folder that a console or a tool made; there is nothing in it. */
  | { readonly kind: 'folder' }
  | {
      readonly kind: 'misplaced';
      /** What the rejection is filed under: never a model that could exist at this key. */
      readonly subject: string;
      readonly what: string;
      readonly remedy: string;
    };

const prefix = 'definitions/';

/** Takes `definitions/<model>.yaml` apart, or says why the key is not of that form. */
export function parseDefinitionKey(key: string): DefinitionKey {
  const path = key.slice(prefix.length);
  if (path === '' || path.endsWith('/')) return { kind: 'folder' };
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const stem = fileName.replace(/\.[^.]*$/, '');
  const subject = path.replace(/\.[^./]*$/, '') || path;
  const misplaced = (what: string): DefinitionKey => ({
    kind: 'misplaced',
    subject,
    what,
    remedy: `Put the definition at ${prefix}${suggestedName(stem)}.yaml.`,
  });

  if (fileName !== path) {
    return misplaced(`${key} is in a folder; definitions are read from ${prefix} itself.`);
  }
  if (!fileName.endsWith('.yaml')) {
    return misplaced(`${key} does not end in .yaml, as a definition does.`);
  }
  const name = modelName.safeParse(stem);
  if (!name.success) {
    const why = name.error.issues.map(({ message }) => message).join(', and ');
    return misplaced(`${key} does not name a model: the name before .yaml ${why}.`);
  }
  return { kind: 'definition', model: name.data };
}

/** The stem as a model's name, where it can be made into one. */
function suggestedName(stem: string): string {
  const slug = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  return modelName.safeParse(slug).success ? slug : '<model>';
}
