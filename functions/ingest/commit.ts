import { datasetIdOf, totalSplitRows } from '@tidemark/domain/datasets/dataset-identity.ts';
import { type Manifest, type Part, splitNames } from '@tidemark/domain/datasets/manifest.schema.ts';
import { mergeParts, type NewestVersions } from '@tidemark/domain/datasets/merge-parts.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { AnnouncedWarning } from '@tidemark/domain/events/data-warning.schema.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type { Validation } from './validation.schema.ts';

export interface CommitFacts {
  readonly mode: Definition['ingestion']['mode'];
  readonly validation: Validation;
  /** The dataset that the batch was judged against. */
  readonly previous: Manifest | undefined;
  /** Of keys with several versions, the newest. */
  readonly newest: NewestVersions;
  readonly now: Date;
}

export type CommitDecision =
  | { readonly kind: 'superseded'; readonly by: string }
  /** The rows are those of the previous dataset. `manifest` is set if it knows more about where they came from. */
  | { readonly kind: 'unchanged'; readonly datasetId: string; readonly manifest: Manifest | undefined }
  | { readonly kind: 'new'; readonly manifest: Manifest };

/** Which parts the dataset would have: the batch's own, or all. */
export function partsToMerge({ mode, validation, previous }: Omit<CommitFacts, 'newest' | 'now'>): Part[] {
  return mode === 'replace' ? validation.parts : [...(previous?.parts ?? []), ...validation.parts];
}

/** Decides which dataset a batch leads to. */
export function decideCommit(facts: CommitFacts): CommitDecision {
  const { mode, validation, previous } = facts;
  if (mode === 'replace' && previous !== undefined && previous.batchId > validation.batchId) {
    return { kind: 'superseded', by: previous.batchId };
  }
  const parts = mergeParts(partsToMerge(facts), facts.newest);
  const datasetId = datasetIdOf(validation.columns, validation.splitMethod, parts);
  if (datasetId === previous?.datasetId) {
    return { kind: 'unchanged', datasetId, manifest: extendedManifest(facts, previous, parts) };
  }
  const splitRows = totalSplitRows(parts);
  return {
    kind: 'new',
    manifest: {
      schemaVersion: 1,
      model: validation.model,
      datasetId,
      createdAt: facts.now.toISOString(),
      columns: validation.columns,
      rows: splitNames.reduce((total, side) => total + splitRows[side], 0),
      splitRows,
      splitMethod: validation.splitMethod,
      extends: mode === 'append' ? (previous?.datasetId ?? null) : null,
      batchId: validation.batchId,
      parts,
      profileKey: dataKeys.validation(validation.model, validation.batchId),
    },
  };
}

/**
 * The manifest with the sources that the batch adds. A replacing batch is noted even if it adds none: an older one that comes
 * late must find that a newer one was here.
 */
function extendedManifest(
  { mode, validation }: CommitFacts,
  previous: Manifest,
  parts: Part[],
): Manifest | undefined {
  if (mode === 'replace') return { ...previous, parts, batchId: validation.batchId };
  return JSON.stringify(parts) === JSON.stringify(previous.parts) ? undefined : { ...previous, parts };
}

/** The sentence that tells of a new dataset. */
export function committedMessage(
  { datasetId, model, rows, splitRows, parts }: Manifest,
  { unlabelledRows, notes, warnings, files }: Validation,
): string {
  const sides = `${splitRows.train.toLocaleString('en-US')} to train on, ${splitRows.validation.toLocaleString('en-US')} for validation, ${splitRows.holdout.toLocaleString('en-US')} held out`;
  const accepted = files.filter((file) => file.accepted).length;
  const leftOut = unlabelledRows > 0 ? ` ${counted(unlabelledRows, 'row')} without a target left out.` : '';
  return (
    `${model} has a new dataset ${datasetId} of ${counted(rows, 'row')} (${sides}) in ${counted(parts.length, 'part')}; ` +
    `${counted(accepted, 'file')} accepted.${[leftOut, ...notes.map((note) => ` ${note}`), ...warned(warnings)].join('')}`
  );
}

/** Warnings that a message holds in words. */
const warningsInMessage = 3;

function warned(warnings: Validation['warnings']): string[] {
  const told = warnings.slice(0, warningsInMessage).map(({ what, remedy }) => ` Warning: ${what} ${remedy}`);
  const more = warnings.length - told.length;
  return more > 0 ? [...told, ` ${counted(more, 'more warning')}.`] : told;
}

/** Warnings that an event holds: one of 2,000 columns would not fit what a state machine passes on. */
const announcedWarnings = 20;

/** The warnings as the event has them, without values. */
export function announcedWarningsOf({ warnings }: Validation): AnnouncedWarning[] {
  return warnings
    .slice(0, announcedWarnings)
    .map(({ code, column, present, strangers, rows }) => ({ code, column, present, strangers, rows }));
}
