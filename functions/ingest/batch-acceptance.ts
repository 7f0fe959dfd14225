import type { Part } from '@tidemark/domain/datasets/manifest.schema.ts';
import { mergeParts } from '@tidemark/domain/datasets/merge-parts.ts';
import { splitMethodOf } from '@tidemark/domain/datasets/split.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { counted, numeral, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { BatchContents } from './batch-contents.ts';
import { batchFindings } from './batch-findings.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding, firstFindings } from './data-finding.ts';
import type { FileResult } from './file-result.schema.ts';
import { maximumBatchFindings, maximumFileFindings, maximumParts } from './ingest-limits.ts';
import {
  columnsWithType,
  type FileColumn,
  nameFindings,
  type ReferenceSchema,
  typeFindings,
} from './schema-rules.ts';
import { type AcceptedBefore, SchemaSoFar } from './schema-so-far.ts';
import { targetFindings } from './target-values.ts';
import type { Validation } from './validation.schema.ts';

/** What a batch is judged by, besides its files. */
export interface AcceptanceFacts {
  readonly model: string;
  readonly batchId: string;
  readonly definition: Definition;
  readonly accepted: AcceptedBefore | undefined;
}

/**
 * Judges a batch, file by file: which are accepted, and if none, why. Of a good file it keeps where its rows are, of a bad one what is
 * wrong with it, and of the profiles only what they come to.
 */
export class BatchAcceptance {
  readonly #facts: AcceptanceFacts;
  readonly #schema: SchemaSoFar;
  readonly #contents = new BatchContents();
  /** `accepted` says whether the file is good by itself. */
  readonly #files: Validation['files'] = [];
  readonly #parts: Part[] = [];
  readonly #notes = new Set<Sentence>();
  readonly #warnings = new Map<string, Validation['warnings'][number]>();
  #problems = 0;

  constructor(facts: AcceptanceFacts) {
    this.#facts = facts;
    this.#schema = new SchemaSoFar(facts.definition, facts.accepted);
  }

  /** Profiles that are held, whatever the number of files. */
  get heldProfiles(): number {
    return this.#contents.heldProfiles;
  }

  /** Takes the next file, in the order of their keys: the schema may have changed since it was validated. */
  add({ object, size, finding }: FileResult): void {
    const problems = finding.kind === 'acceptable' ? this.#schemaProblems(finding.columns) : finding.problems;
    if (finding.kind === 'acceptable' && problems.length === 0) {
      this.#schema.add(object.key, finding.columns);
      this.#contents.add(finding);
      this.#parts.push(finding.part);
      for (const note of finding.notes) this.#notes.add(note);
      for (const warning of finding.warnings ?? []) {
        const about = `${warning.code} ${warning.column}`;
        if (!this.#warnings.has(about)) this.#warnings.set(about, { ...warning, key: object.key });
      }
      this.#files.push({ object, size, accepted: true, problems: [] });
    } else {
      const most = this.#problems < maximumBatchFindings ? maximumFileFindings : 2;
      const kept = firstFindings(problems, most);
      this.#problems += kept.length;
      this.#files.push({ object, size, accepted: false, problems: kept });
    }
  }

  /** The judgement on all files that were taken. */
  validation(): Validation {
    const { model, batchId, definition, accepted } = this.#facts;
    const { profile, target, unlabelledRows } = this.#contents.summary();
    const problems = this.#batchProblems();
    const isAccepted = problems.length === 0 && this.#parts.length > 0;
    return {
      schemaVersion: 1,
      model,
      batchId,
      judgedAgainst: accepted?.datasetId ?? null,
      files: isAccepted ? this.#files : this.#files.map((file) => ({ ...file, accepted: false })),
      batchProblems: problems,
      columns: isAccepted ? columnsWithType(this.#schema.reference?.columns ?? []) : [],
      splitMethod: splitMethodOf(definition),
      parts: isAccepted ? mergeParts(this.#parts, new Map()) : [],
      unlabelledRows,
      notes: [...this.#notes],
      warnings: [...this.#warnings.values()],
      profile,
      targetValues: target.values,
    };
  }

  #schemaProblems(columns: readonly FileColumn[]): DataFinding[] {
    const { reference } = this.#schema;
    return reference ? schemaProblems(columns, reference) : [];
  }

  #batchProblems(): DataFinding[] {
    const { definition, accepted } = this.#facts;
    const wholeness = wholenessProblems(definition, this.#files.length, this.#parts.length);
    if (this.#parts.length === 0) return wholeness;
    const summary = this.#contents.summary();
    return [
      ...wholeness,
      ...sizeProblems(definition, summary.contents, accepted?.parts ?? 0),
      ...batchFindings({ summary, known: accepted?.columns ?? [], definition }),
      ...targetFindings(definition, summary.target, knownClasses(definition, accepted)),
    ];
  }
}

function schemaProblems(columns: readonly FileColumn[], reference: ReferenceSchema): DataFinding[] {
  const names = columns.map(({ name }) => name);
  return [...nameFindings(names, reference), ...typeFindings(columns, reference)];
}

function wholenessProblems({ ingestion }: Definition, files: number, good: number): DataFinding[] {
  if (files === 0) return [noFiles()];
  if (ingestion.mode !== 'replace' || good === files || good === 0) return [];
  return [
    dataFinding(
      'incomplete-replacement',
      say`${counted(files - good, 'file')} of ${files} cannot be accepted, and the batch was to replace the dataset.`,
      say`A dataset without these rows is worse than the present one, which is kept.`,
      say`Correct the files named in this report and drop all files of the batch together again.`,
    ),
  ];
}

/** Some of the parts may be there already, which only the commit can tell: this errs on the safe side. */
function sizeProblems({ ingestion }: Definition, contents: number, before: number): DataFinding[] {
  const kept = ingestion.mode === 'replace' ? 0 : before;
  if (kept + contents <= maximumParts) return [];
  return [
    dataFinding(
      'too-many-files',
      say`The dataset would have ${counted(kept + contents, 'file')} of rows, ${numeral(kept)} of them from before; at most ${numeral(maximumParts)} may be.`,
      say`Each is read separately at every training, which would not end in time.`,
      say`Drop all rows together again, in fewer and larger files, with \`ingestion.mode: replace\`; then set the mode back.`,
    ),
  ];
}

function noFiles(): DataFinding {
  return dataFinding(
    'no-files',
    say`The batch has no files.`,
    say`The marker says that its folder is complete, and the folder holds no data.`,
    say`Drop the files first and the marker last.`,
  );
}

/** A binary target that is a column as it stands keeps its two classes. */
function knownClasses({ problem: kind, target }: Definition, accepted: AcceptedBefore | undefined) {
  const asItStands = kind === 'binary' && !('above' in target) && !('positive' in target);
  return asItStands && accepted?.targetValues.length === 2 ? accepted.targetValues : undefined;
}
