import { counted, numeral } from '@tidemark/statistics/sentence.ts';
import type { RetrainRequest } from './retrain-request.schema.ts';
import type { DataFacts, DecidedModel, RetrainingDecision, RetrainingFacts } from './retraining-decision.ts';

/**
 * New are labelled predictions, which become a dataset together with whatever else has come, and rows of a dataset that no run has
 * trained, because new data alone is not a trigger. Where a batch replaces the data, predictions cannot add to it.
 */
export function decideByRows(
  request: RetrainRequest,
  { model, definition }: DecidedModel,
  { data, labelledRows }: RetrainingFacts,
): RetrainingDecision {
  const { retraining, ingestion } = definition;
  const addsRows = ingestion.mode === 'append';
  if (addsRows && labelledRows === null) return { kind: 'count' };
  const labelled = addsRows ? (labelledRows ?? 0) : 0;
  const least = request.by === 'person' ? 1 : retraining.minimumNewRows;
  const unseen = unseenRows(ingestion.mode, data);
  // Ingest would reject a batch of fewer; what is there and not trained yet comes with them.
  if (addsRows && labelled >= Math.max(least - unseen, ingestion.minimumRows)) {
    return {
      kind: 'start',
      datasetId: null,
      message: `${counted(labelled, 'labelled prediction')} ${labelled === 1 ? 'is' : 'are'} added to its data.`,
    };
  }
  if (data.latest !== null && unseen >= least) {
    const { datasetId } = data.latest;
    return {
      kind: 'start',
      datasetId,
      message: `${datasetId} has not been trained yet, and has ${counted(unseen, 'row')} that the live version has not seen.`,
    };
  }
  const message = tooFewRows(model, { labelled, unseen, addsRows, least, request, ingestion });
  return { kind: 'suppress', reason: 'too-few-rows', message };
}

/** Rows of the newest dataset that the live version has not seen; none if a version, even a rejected one, was made of it. */
function unseenRows(mode: 'append' | 'replace', { latest, trained, live }: DataFacts): number {
  if (latest === null || trained) return 0;
  return mode === 'replace' ? latest.rows : Math.max(0, latest.rows - (live?.rows ?? 0));
}

interface RowCounts {
  readonly labelled: number;
  readonly unseen: number;
  readonly addsRows: boolean;
  readonly least: number;
  readonly request: RetrainRequest;
  readonly ingestion: DecidedModel['definition']['ingestion'];
}

function tooFewRows(
  model: string,
  { labelled, unseen, addsRows, least, request, ingestion }: RowCounts,
): string {
  const data = `The newest dataset of ${model} has ${counted(unseen, 'row')} that no version has seen`;
  if (!addsRows) {
    return `${data}, and \`ingestion.mode: replace\` accepts no additional rows. Drop a new batch under incoming/${model}/.`;
  }
  const floor = Math.max(least - unseen, ingestion.minimumRows);
  const setting =
    request.by !== 'person' && least - unseen >= ingestion.minimumRows
      ? 'retraining.minimumNewRows'
      : 'ingestion.minimumRows';
  return `There ${labelled === 1 ? 'is' : 'are'} ${counted(labelled, 'labelled prediction')} not trained with yet; it takes ${numeral(floor)} (\`${setting}\`). ${data}. Put labels under labels/${model}/, or data under incoming/${model}/.`;
}
