import { imageRefusals } from '../image-limits.ts';
import type { Rule } from './rule.ts';

/** What this deployment lets run, and what of it without isolation. The policies of the roles hold the same. */
export const imagesAreAllowed: Rule = ({ definition, limits }) =>
  imageRefusals(definition, limits).map(({ field, what, remedy }) => ({
    path: ['training', field],
    what,
    remedy,
  }));
