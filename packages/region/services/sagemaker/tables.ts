import type { RecordStore } from '../../store/record-store.ts';
import { type EndpointConfig, endpointConfigSchema } from './endpoint-config.schema.ts';
import { type EndpointRecord, endpointRecordSchema } from './endpoint-record.schema.ts';
import { type Model, modelSchema } from './model.schema.ts';
import { RecordTable } from './record-table.ts';
import { type TrainingJob, trainingJobSchema } from './training-job.schema.ts';
import { type TransformJob, transformJobSchema } from './transform-job.schema.ts';

/** Everything the service remembers. */
export interface Tables {
  readonly trainingJobs: RecordTable<TrainingJob>;
  readonly transformJobs: RecordTable<TransformJob>;
  readonly models: RecordTable<Model>;
  readonly endpointConfigs: RecordTable<EndpointConfig>;
  readonly endpoints: RecordTable<EndpointRecord>;
}

export function openTables(store: RecordStore): Tables {
  return {
    trainingJobs: new RecordTable(store, store.collection('training-jobs', trainingJobSchema)),
    transformJobs: new RecordTable(store, store.collection('transform-jobs', transformJobSchema)),
    models: new RecordTable(store, store.collection('models', modelSchema)),
    endpointConfigs: new RecordTable(store, store.collection('endpoint-configs', endpointConfigSchema)),
    endpoints: new RecordTable(store, store.collection('endpoints', endpointRecordSchema)),
  };
}
