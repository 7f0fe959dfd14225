import { contentOf } from './dataset-identity.ts';
import type { ObjectPin, Part } from './manifest.schema.ts';

/** The newest of some versions of one key. A fact: S3 knows the order, version ids do not show it. */
export type NewestVersions = ReadonlyMap<string, string>;

/** Keys of which more than one version is a source, with those versions: of these the newest must be known. */
export function contestedKeys(parts: readonly Part[]): Map<string, string[]> {
  const versions = new Map<string, Set<string>>();
  for (const { key, versionId } of parts.flatMap(({ sources }) => sources)) {
    versions.set(key, (versions.get(key) ?? new Set()).add(versionId));
  }
  return new Map([...versions].filter(([, ids]) => ids.size > 1).map(([key, ids]) => [key, [...ids]]));
}

/**
 * Merges parts into one set: each content once, each key with its newest version only, nothing without a source. Commutative,
 * associative and idempotent over what was accepted, so it does not matter how arrivals fell into batches or who was first.
 * Where two parts have the same content, the earlier in the list stays: its split is fixed.
 */
export function mergeParts(parts: readonly Part[], newest: NewestVersions): Part[] {
  const merged = new Map<string, Part>();
  for (const part of parts) {
    const content = contentOf(part);
    const known = merged.get(content);
    const sources = [...(known?.sources ?? []), ...part.sources].filter(
      ({ key, versionId }) => (newest.get(key) ?? versionId) === versionId,
    );
    const missingInTexts = [...new Set([...(known?.missingInTexts ?? []), ...part.missingInTexts])];
    merged.set(content, { ...(known ?? part), missingInTexts, sources: distinct(sources) });
  }
  return [...merged.values()]
    .filter(({ sources }) => sources.length > 0)
    .toSorted((a, b) => (a.partHash < b.partHash ? -1 : 1));
}

function distinct(sources: readonly ObjectPin[]): ObjectPin[] {
  const byKey = new Map(sources.map((source) => [source.key, source]));
  return [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
