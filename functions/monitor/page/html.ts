/** A piece of a page whose text is escaped. Made by `html` alone, so nothing that a user wrote gets into a page unescaped. */
export class Html {
  readonly #markup: string;

  /** @param markup that is known to be safe; use `html`. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What can stand in a template: text and numbers are escaped; `null` is nothing. */
export type Content = Html | string | number | null | readonly Content[];

/** `html\`<p>${text}</p>\``: the template as it stands, what is put into it escaped. */
export function html(template: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(
    template.raw.reduce((page, piece, index) => `${page}${markupOf(contents[index - 1] ?? null)}${piece}`),
  );
}

function markupOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.toString();
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Safe in text and in quoted attributes. What HTML does not allow, control characters and half characters, is shown as U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s/g, ' ')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}
