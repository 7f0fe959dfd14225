import type {
  DatasetRecord,
  Episode,
  ModelRecord,
  MonitorRecord,
  RetrainingRecord,
  RunRecord,
  VersionRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import { isAnswer } from '@tidemark/domain/registry/retraining-answers.ts';
import type { RetrainingFacts } from './retraining-decision.ts';

/** What the registry has of a model, as far as a retraining goes. */
export interface RegistryFacts {
  readonly model: ModelRecord | undefined;
  readonly monitor: Pick<MonitorRecord, 'lastWindowId'> | undefined;
  readonly episode: Episode | null;
  readonly retrainings: readonly RetrainingRecord[];
  readonly runs: readonly RunRecord[];
  readonly versions: readonly VersionRecord[];
  readonly latest: DatasetRecord | undefined;
}

/** @param labelledRows labelled predictions that no retraining has used; `null`: not counted yet */
export function retrainingFacts(
  { model, episode, retrainings, runs, versions, latest }: RegistryFacts,
  labelledRows: number | null,
): RetrainingFacts {
  const live = versions.find(({ version }) => version === model?.liveVersion);
  return {
    model: model ?? null,
    episode,
    isAnswered: isAnswered(episode, { retrainings, runs, versions }),
    retrainings,
    runs,
    data: {
      latest: latest ?? null,
      trained: versions.some(({ dataset }) => dataset.datasetId === latest?.datasetId),
      live: live?.dataset ?? null,
    },
    labelledRows,
  };
}

function isAnswered(
  episode: Episode | null,
  { retrainings, runs, versions }: Pick<RegistryFacts, 'retrainings' | 'runs' | 'versions'>,
): boolean {
  const retraining = retrainings.find(({ retrainingId }) => retrainingId === episode?.retrainingId);
  if (!retraining) return false;
  const run = runs.find(({ runId }) => runId === retraining.runId);
  return isAnswer({ retraining, run, version: versions.find(({ version }) => version === run?.version) });
}
