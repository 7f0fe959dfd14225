import { siteOf } from '../bindings.ts';
import type { Exit, Visit } from '../execution-run.ts';
import { itemsOf } from '../items.ts';
import { leave, nextOf } from '../leave.ts';
import type { Json, MapState } from '../machine-definition.schema.ts';
import { withinPayloadLimit } from '../payload-limit.ts';
import { selectedInputs } from '../select-items.ts';
import { evaluateTemplate, evaluateWhole, queryError, type Site } from '../template.ts';
import { type Batch, batches } from './batches.ts';
import { readItems } from './item-reader.ts';
import { outputsOf } from './map-results.ts';
import { MapRun } from './map-run.ts';
import { writeResults } from './result-writer.ts';
import type { Tolerance } from './tolerance.ts';

/** Child executions at a time, at most, whatever `MaxConcurrency` says. AWS runs 10,000. */
const mostConcurrentChildren = 40;

/** One attempt of a distributed map: reads the items, and runs an execution of its own for each, or for each batch. */
export async function attemptDistributedMap(state: MapState, visit: Visit): Promise<Exit> {
  const site = siteOf(visit);
  const wanted = await evaluateWhole(state.MaxConcurrency ?? 0, 'MaxConcurrency', site, 0);
  const tolerance = await toleranceOf(state, site);
  const mapRun = new MapRun(visit, state);
  const children = mapRun.earlierBatches() ?? mapRun.begin(await childInputs(state, visit, site, mapRun));
  const limit = Math.min(wanted === 0 ? mostConcurrentChildren : wanted, mostConcurrentChildren);
  const outcome = await mapRun.run(children, limit, tolerance);
  const written =
    state.ResultWriter && (await writeResults(state.ResultWriter, mapRun, outcome, visit, site));
  mapRun.conclude(outcome);
  const result = withinPayloadLimit(written ?? outputsOf(outcome), visit.name);
  return leave(state, visit, siteOf(visit, { result }), result, nextOf(state));
}

async function childInputs(state: MapState, visit: Visit, site: Site, mapRun: MapRun): Promise<Batch[]> {
  const { ItemReader: reader } = state;
  const items =
    reader === undefined
      ? await itemsOf(state, visit, site)
      : await mapRun.reading(() => readItems(reader, visit, site));
  const inputs = await selectedInputs(state, visit, items);
  const { ItemBatcher: batcher } = state;
  if (batcher === undefined) return inputs.map((input) => ({ input, items: 1 }));
  const optional = (field: 'MaxItemsPerBatch' | 'MaxInputBytesPerBatch') => {
    const template = batcher[field];
    return template === undefined ? undefined : evaluateWhole(template, `ItemBatcher/${field}`, site, 1);
  };
  return batches(inputs, {
    maxItems: await optional('MaxItemsPerBatch'),
    maxBytes: await optional('MaxInputBytesPerBatch'),
    batchInput:
      batcher.BatchInput === undefined
        ? undefined
        : await evaluateTemplate(batcher.BatchInput, 'ItemBatcher/BatchInput', site),
  });
}

async function toleranceOf(state: MapState, site: Site): Promise<Tolerance> {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
  return {
    count: count === undefined ? undefined : await evaluateWhole(count, 'ToleratedFailureCount', site, 0),
    percentage: percentage === undefined ? undefined : await evaluatePercentage(percentage, site),
  };
}

async function evaluatePercentage(template: Json, site: Site): Promise<number> {
  const field = 'ToleratedFailurePercentage';
  const value = await evaluateTemplate(template, field, site);
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw queryError(
    site,
    field,
    `The ${field} field must be a number from 0 to 100: ${JSON.stringify(value)}`,
  );
}
