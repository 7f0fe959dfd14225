import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import { folderOf, isMarker } from './arrival-key.ts';

/**
 * Which of the listed objects wait for a model that takes data from now on. Of a new model all that is listed; of one that is active
 * again what came while it was retired, as `data.waiting` says: what it had taken before is still listed too. With markers, what stands
 * in their folders or below, whenever it came.
 * @param events of the model, in order
 */
export function waitingFiles<T extends { readonly key: string; readonly versionId: string }>(
  listed: readonly T[],
  events: readonly DomainEvent[],
  { complete, marker }: Definition['ingestion'],
): readonly T[] {
  if (!events.some(({ type }) => type === 'model.reactivated')) return listed;
  const announced = new Set(
    events
      .slice(lastTakeUp(events) + 1)
      .flatMap((event) => (event.type === 'data.waiting' ? named(event.detail) : [])),
  );
  const waiting = listed.filter((object) => announced.has(named(object)));
  if (complete !== 'marker') return waiting;
  const folders = waiting.filter(({ key }) => isMarker(key, marker)).map(({ key }) => folderOf(key));
  return listed.filter(({ key }) => folders.some((folder) => key.startsWith(folder)));
}

/**
 * Where files that waited were taken up before: at the reactivation before the present one, else when the model was new; -1, never. A
 * model that was never retired before it was reactivated was new as a retired one, which took up nothing.
 */
function lastTakeUp(events: readonly DomainEvent[]): number {
  const reactivated = events.flatMap(({ type }, index) => (type === 'model.reactivated' ? [index] : []));
  const before = reactivated.at(-2);
  if (before !== undefined) return before;
  if (!events.some(({ type }) => type === 'model.retired')) return -1;
  return events.findIndex((event) => event.type === 'model.onboarded' && event.detail.created);
}

function named({ key, versionId }: { readonly key: string; readonly versionId: string }): string {
  return JSON.stringify([key, versionId]);
}
