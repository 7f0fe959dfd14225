import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { evaluationSchema } from '../../functions/train/evaluation.schema.ts';
import type { Line } from '../progress/line.ts';
import type { Screen } from '../progress/screen.ts';
import { columnLines } from './column-lines.ts';
import { type FinalEvent, isRefusal } from './drop-outcome.ts';
import { predictSample } from './prediction.client.ts';
import { predictionLines } from './prediction-lines.ts';
import { documentLines, problemLines } from './refusal-lines.ts';
import type { RegionClients } from './region-clients.ts';
import { blank, heading, versionLines } from './report-lines.ts';

interface ResultsOptions extends Pick<RegionClients, 'registry' | 'objects' | 'runtime' | 'dataBucket'> {
  readonly screen: Screen;
  readonly stage: string;
}

/** Says what came of a drop: the live version with everything known of it, or why there is none. */
export class Results {
  readonly #options: ResultsOptions;

  constructor(options: ResultsOptions) {
    this.#options = options;
  }

  /** @param outcome the events that ended something, in their order, and whether any of them is news. */
  async print(
    model: string,
    { events, isNews }: { readonly events: readonly FinalEvent[]; readonly isNews: boolean },
  ): Promise<void> {
    const { screen, registry } = this.#options;
    const versions = await registry.versions(model);
    const live = versions.find(({ status }) => status === 'live');
    screen.print(blank);
    for (const refusal of events.filter(isRefusal)) screen.print(...(await this.#refusal(refusal)));
    const last = events.at(-1);
    const subject = subjectOf(last, versions);
    if (subject) screen.print(...(await this.#version(subject)), blank);
    screen.print(conclusion(model, last, live, isNews), blank);
  }

  async #version(version: VersionRecord): Promise<Line[]> {
    const { objects, runtime, stage } = this.#options;
    const title = heading(`${version.model} version ${version.version}`);
    const evaluation = evaluationSchema.parse(JSON.parse(await objects.readText(version.evaluation)));
    const columns = columnLines(evaluation);
    const lines = [
      title,
      blank,
      ...columns,
      ...(columns.length > 0 ? [blank] : []),
      ...versionLines(version),
    ];
    if (version.status !== 'live') return lines;
    return [...lines, ...predictionLines(await predictSample({ objects, runtime, stage, version }))];
  }

  /** The product's own report of what it did not accept. */
  async #refusal(outcome: FinalEvent): Promise<Line[]> {
    if (outcome.type === 'definition.rejected') return problemLines(outcome.detail.problems);
    if (outcome.type !== 'data.rejected') return [];
    const { objects, dataBucket } = this.#options;
    const { reportKey } = outcome.detail;
    const report = (await objects.readCurrent(dataBucket, reportKey)) ?? '';
    return documentLines(report);
  }
}

/** The version that the outcome is about, if it is about one: the live one, or the one that its gates rejected. */
function subjectOf(
  outcome: FinalEvent | undefined,
  versions: readonly VersionRecord[],
): VersionRecord | undefined {
  if (outcome?.type === 'version.rejected') return versions.at(-1);
  const isNews = outcome === undefined || outcome.type === 'deployment.succeeded';
  return isNews ? versions.find(({ status }) => status === 'live') : undefined;
}

function conclusion(
  model: string,
  last: FinalEvent | undefined,
  live: VersionRecord | undefined,
  isNews: boolean,
): Line {
  if (last?.type === 'endpoint.removed') {
    return [{ text: `  ${model} is retired, and has no endpoint.`, style: 'warn' }];
  }
  if (live === undefined) {
    const why = isNews || last === undefined ? '' : ` ${last.detail.message}`;
    return [
      { text: `  No version of ${model} is live.`, style: 'bad' },
      { text: why, isProse: true },
    ];
  }
  const serving = `version ${live.version} of ${model} is live`;
  const isWell = last === undefined || last.type === 'deployment.succeeded';
  if (isWell && !isNews) return [{ text: `  Nothing new: ${serving} with this data.`, style: 'good' }];
  if (isWell) return [{ text: `  ${serving.replace('version', 'Version')} and proven.`, style: 'good' }];
  return [{ text: `  Still, ${serving}.`, style: 'warn' }];
}
