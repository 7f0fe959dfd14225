import type { Denial } from '@tidemark/region';

/**
 * What the policies do not allow, as a sentence; nothing for what has been told before. What is refused is tried again a few
 * times, and with other objects, which would bury everything else on the screen.
 */
export class DenialLines {
  readonly #told = new Set<string>();

  lineOf({ principal, action, message, nearest }: Denial): string | undefined {
    const what = `${principal} ${action}`;
    if (this.#told.has(what)) return undefined;
    this.#told.add(what);
    const hint = nearest === undefined ? 'No statement comes near.' : `Nearest: ${nearest}.`;
    return `The templates' policies do not allow it, so neither would AWS: ${message}. ${hint}`;
  }
}
