import { siteOf } from './bindings.ts';
import type { Visit } from './execution-run.ts';
import type { Json, MapState } from './machine-definition.schema.ts';
import { withinPayloadLimit } from './payload-limit.ts';
import { evaluateTemplate } from './template.ts';

/** What `ItemSelector` makes of each item; the items themselves without one. */
export function selectedInputs(
  { ItemSelector }: Pick<MapState, 'ItemSelector'>,
  visit: Visit,
  items: readonly Json[],
): Promise<Json[]> {
  return Promise.all(
    items.map(async (item, index) => {
      if (ItemSelector === undefined) return withinPayloadLimit(item, visit.name);
      const frame = { ...visit.frame, mapItem: { Index: index, Value: item } };
      const site = siteOf({ ...visit, frame });
      return withinPayloadLimit(await evaluateTemplate(ItemSelector, 'ItemSelector', site), visit.name);
    }),
  );
}
