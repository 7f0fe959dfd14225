import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { RetryPolicies } from './retry-policies.schema.ts';
import { retriersFor, type WrittenRetrier } from './retry-policies.ts';

/** The `Retry` of a state, where it stands in its machine's text. */
export interface WrittenRetry {
  /** Path from the machine's root, such as `/States/Train/Retry`. */
  readonly location: string;
  readonly retriers: readonly WrittenRetrier[];
  /** Positions of its first character and of the one after its last. */
  readonly start: number;
  readonly end: number;
}

/** Every `Retry` of a machine, in the order of its text. The text is JSON, which is YAML too: that parser knows positions. */
export function retriesIn(text: string): WrittenRetry[] {
  return fieldsIn(parseDocument(text).contents, '').flatMap(({ location, value }) => {
    if (!isSeq(value) || !value.range || !/\/States\/[^/]+\/Retry$/.test(location)) return [];
    const [start, end] = value.range;
    const retriers: WrittenRetrier[] = JSON.parse(text.slice(start, end));
    return [{ location, retriers, start, end }];
  });
}

function fieldsIn(node: unknown, location: string): { location: string; value: unknown }[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => fieldsIn(item, `${location}[${index}]`));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const field = `${location}/${isScalar(key) ? key.value : key}`;
    return [{ location: field, value }, ...fieldsIn(value, field)];
  });
}

/** The text with each `Retry` as its policy has it. One without a policy, or whose comment cannot be followed, stays as it is. */
export function withPolicies(text: string, policies: RetryPolicies): string {
  return retriesIn(text).reduceRight((written, { retriers, start, end }) => {
    const wanted = retriersFor(retriers[0]?.Comment, policies);
    if (wanted === null || typeof wanted === 'string') return written;
    return `${written.slice(0, start)}${spaced(wanted)}${written.slice(end)}`;
  }, text);
}

/** In one line, from which Biome makes as few as fit. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`);
  return `{ ${members.join(', ')} }`;
}
