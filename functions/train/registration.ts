import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { hashOfClass } from '@tidemark/domain/registry/class-hash.ts';
import { approvedVersionOwner, leaseFrom } from '@tidemark/domain/registry/leases.ts';
import type { Lease, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { leastReferenceRows } from '@tidemark/statistics/drift/drift-sentences.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import { announcedFindings, findingsMessage } from './column-findings.ts';
import type { Evaluation } from './evaluation.schema.ts';
import type { Preparation } from './preparation.schema.ts';
import type { Run } from './run.schema.ts';
import { handedOverSeconds } from './run-lease.ts';

/** Everything that is known of a trained and judged model. */
export interface JudgedModel {
  readonly run: Run;
  readonly preparation: Preparation;
  readonly evaluation: Evaluation;
  readonly evaluationObject: ObjectPin;
  readonly smokeObject: ObjectPin;
  /** `null`: the hold-out does not allow one, and its gates do not pass. */
  readonly baselineObject: ObjectPin | null;
  readonly training: VersionRecord['training'];
  readonly sagemakerModelName: string;
  readonly scoredModelName: string;
  readonly codeVersion: string;
}

/** What becomes of the registry when a model has been judged. */
export interface Registration {
  readonly version: VersionRecord;
  /** The lease as it shall be: `deploy`'s, or none. */
  readonly lease: Lease | null;
  /** The live version that the comparison rests on; registered only if it is still that one. */
  readonly comparedLiveVersion: number | null;
  /** In the order in which they are announced. */
  readonly events: readonly DomainEvent[];
}

/**
 * Registers a judged model under the next number. Approval is automatic: a version whose gates all pass is approved and the
 * lease goes to `deploy`; any other is rejected and the model is free.
 */
export function decideRegistration(judged: JudgedModel, number: number, now: Date): Registration {
  const { champion } = judged.preparation;
  const failed = judged.evaluation.gates.filter(({ passed }) => !passed);
  const approved = failed.length === 0;
  const purpose = 'deploy';
  return {
    version: versionRecord(judged, number, now),
    lease: approved
      ? leaseFrom({ owner: approvedVersionOwner(number), purpose, seconds: handedOverSeconds }, now)
      : null,
    comparedLiveVersion: champion.kind === 'none' ? null : champion.version,
    events: announcements(judged, number, now),
  };
}

function versionRecord(judged: JudgedModel, number: number, now: Date): VersionRecord {
  const { run, preparation, evaluation, training } = judged;
  const failed = evaluation.gates.filter(({ passed }) => !passed);
  const time = now.toISOString();
  return {
    model: run.model,
    version: number,
    status: failed.length === 0 ? 'approved' : 'rejected',
    runId: run.runId,
    createdAt: time,
    updatedAt: time,
    codeVersion: judged.codeVersion,
    definitionHash: preparation.definitionHash,
    definitionObject: preparation.definitionObject,
    dataset: preparation.dataset,
    encoding: preparation.encoding,
    training,
    sagemakerModelName: judged.sagemakerModelName,
    scoredModelName: judged.scoredModelName,
    evaluation: judged.evaluationObject,
    smoke: judged.smokeObject,
    ...(judged.baselineObject && { baseline: judged.baselineObject }),
    ...positiveHashOf(judged),
    metrics: evaluation.metrics,
    gates: evaluation.gates,
    comparedWith: evaluation.comparison === null ? null : evaluation.comparison.version,
    deployment: preparation.definition.deployment,
    served: null,
    statusReason: failed.length === 0 ? null : sentences(failed),
  };
}

/** Of data with two values: with more, a definition that leaves unsaid what counts as yes means something else. */
function positiveHashOf({ preparation, evaluation }: JudgedModel): Pick<VersionRecord, 'positiveHash'> {
  const label = evaluation.positive?.label;
  const isOfTwo = preparation.classes[0] !== `not ${label}`;
  return label !== undefined && isOfTwo ? { positiveHash: hashOfClass(label) } : {};
}

function announcements(
  { run, evaluation, evaluationObject }: JudgedModel,
  version: number,
  now: Date,
): DomainEvent[] {
  const { model, runId, datasetId, causeId } = run;
  const name = `Version ${version} of ${model}`;
  const failed = evaluation.gates.filter(({ passed }) => !passed);
  const failedGates = failed.map(({ gate }) => gate);
  const passed = failed.length === 0;
  const verdicts = sentences(evaluation.gates);
  const { positive } = evaluation;
  const gates = evaluation.gates.length;
  const told = findingsMessage(evaluation.columns);
  const columns = told === undefined ? '' : ` ${told}`;
  const about = {
    model,
    causeId,
    version,
    columns: announcedFindings(evaluation.columns),
    evaluationKey: evaluationObject.key,
  };
  // One millisecond apart: the audit orders by time, and these follow from each other.
  const at = (step: number) => new Date(now.getTime() + step);
  const registered = `${name} is registered: ${evaluation.headline}${positiveSentence(positive)}${columns}${windowsSentence(evaluation.rows)}`;
  const gated = passed
    ? `${name} passed ${gates === 1 ? 'its one gate' : `all ${gates} gates`}. ${verdicts}`
    : `${name} failed ${failed.length} of ${counted(gates, 'gate')}: ${failedGates.join(', ')}. ${verdicts}`;
  const approved = `${name} is approved because it passed every gate.${columns}`;
  const rejected = `${name} is rejected. ${sentences(failed)}${columns}`;
  return [
    domainEvent(
      'version.registered',
      {
        ...about,
        runId,
        datasetId,
        ...(positive && { positiveDecidedBy: positive.decidedBy }),
        message: registered,
      },
      at(0),
    ),
    domainEvent('version.gated', { ...about, passed, failedGates, message: gated }, at(1)),
    passed
      ? domainEvent('version.approved', { ...about, approvedBy: 'gates', message: approved }, at(2))
      : domainEvent('version.rejected', { ...about, failedGates, message: rejected }, at(2)),
  ];
}

/** The class itself is a value of the data, and stands in the evaluation. */
/** Windows of predictions are compared with the hold-out. @param rows of the hold-out */
function windowsSentence(rows: number): string {
  if (rows >= leastReferenceRows) return '';
  return ` No window of its predictions can be judged for drift: that takes ${leastReferenceRows} hold-out rows. Train with more data or a larger \`split.holdout\`.`;
}

function positiveSentence(positive: Evaluation['positive']): string {
  return positive?.decidedBy === 'order'
    ? ' Of its two classes the later in order counts as yes, because the definition does not say; the evaluation names it.'
    : '';
}

function sentences(verdicts: readonly { readonly message: string }[]): string {
  return verdicts.map(({ message }) => message).join(' ');
}
