import { imageRefusals } from '../image-limits.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** What this deployment lets run, and what of it without isolation. The policies of the roles hold the same. */
export const imagesAreAllowed: DefinitionRule = ({ definition, limits }) =>
  imageRefusals(definition, limits).map(({ field, what, remedy }) => ({
    path: ['training', field],
    what,
    remedy,
  }));
