import type { ResourceKind } from './context.ts';
import { validationError } from './errors.ts';
import type { Tags } from './members.schema.ts';
import type { Tables } from './tables.ts';

/** SageMaker's limit on tags of a resource. */
const MOST_TAGS = 50;

type Change = (tags: Tags) => Tags;

/** Applies a change to the tags of whatever resource an ARN names, and gives them; throws when there is none. */
export async function changeTags(tables: Tables, arn: string, change: Change): Promise<Tags> {
  const [, kind = '', name = ''] = /^arn:[^:]+:sagemaker:[^:]*:\d*:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
  const update = updaterOf(tables, kind);
  if (!update) throw validationError(`Invalid resource ARN: ${arn}`);
  const changed = await update(name, change);
  if (!changed) throw validationError(`Could not find the resource "${arn}".`);
  return changed.tags;
}

/** Tags with others put over them; a later tag of the same key wins. */
export function mergeTags(tags: Tags, added: Tags): Tags {
  const merged = new Map([...tags, ...added].map(({ Key, Value }) => [Key, Value]));
  if (merged.size > MOST_TAGS) throw validationError(`A resource can have ${MOST_TAGS} tags at most.`);
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}

type Updater = (name: string, change: Change) => Promise<{ readonly tags: Tags } | undefined>;

function updaterOf(tables: Tables, kind: string): Updater | undefined {
  const updaters: Readonly<Record<ResourceKind, Updater>> = {
    'training-job': (name, change) =>
      tables.trainingJobs.update(name, (job) => ({ ...job, tags: change(job.tags) })),
    'transform-job': (name, change) =>
      tables.transformJobs.update(name, (job) => ({ ...job, tags: change(job.tags) })),
    model: (name, change) => tables.models.update(name, (model) => ({ ...model, tags: change(model.tags) })),
    'endpoint-config': (name, change) =>
      tables.endpointConfigs.update(name, (config) => ({ ...config, tags: change(config.tags) })),
    endpoint: (name, change) =>
      tables.endpoints.update(name, (endpoint) => ({ ...endpoint, tags: change(endpoint.tags) })),
  };
  return Object.entries(updaters).find(([known]) => known === kind)?.[1];
}
