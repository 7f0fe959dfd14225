import type { ColumnJudgement } from '@tidemark/statistics/drift/drift.schema.ts';
import type { Attribution, Distribution, WindowReport } from '../report.schema.ts';
import { distributionPlot } from './charts.ts';
import { countText, distance, percent, pValue, shortName } from './formats.ts';
import { type Html, html } from './html.ts';

/** Columns that drift and are shown unfolded: more are a list, not a picture. */
const unfoldedColumns = 6;
/** Columns with a plot at most; the table has all. A plot takes some 5 KB. */
const plottedColumns = 40;

interface ShownColumn {
  readonly judged: ColumnJudgement;
  readonly distribution: Distribution;
  readonly attributions: readonly Attribution[];
}

/** The columns one by one, the worst first: the prediction, what drifts, and, folded, what does not. */
export function columns(report: WindowReport): Html {
  const shown = shownColumns(report);
  const drifting = shown.filter(({ judged }) => judged.verdict === 'drift');
  const stable = shown.filter(({ judged }) => judged.verdict !== 'drift');
  const prediction = stable.filter(({ judged }) => judged.role === 'prediction');
  const others = stable.filter(({ judged }) => judged.role === 'feature');
  const unfolded = [...drifting.slice(0, unfoldedColumns), ...prediction];
  const folded = drifting.slice(unfoldedColumns, plottedColumns);
  const plotted = others.slice(0, Math.max(0, plottedColumns - drifting.length));
  return html`<section aria-labelledby="columns"><h2 id="columns">${drifting.length > 0 ? 'What moved' : 'The predictions'}</h2>
<p class="soft">${comparedWith(report)}</p>
${unfolded.map(columnPart)}
${fold(`${folded.length} more that ${folded.length === 1 ? 'drifts' : 'drift'}`, folded)}
${fold(`${plotted.length === others.length ? 'The' : `The ${plotted.length} farthest of`} ${others.length} ${others.length === 1 ? 'other column' : 'other columns'}`, plotted)}
</section>${columnTable(report)}`;
}

function shownColumns({ drift, ranking, distributions, attributions }: WindowReport): ShownColumn[] {
  const judgedBy = new Map(drift.columns.map((column) => [column.name, column]));
  const lying = new Map(distributions.map((column) => [column.name, column]));
  return ranking.flatMap((name) => {
    const judged = judgedBy.get(name);
    const distribution = lying.get(name);
    if (!judged || !distribution) return [];
    return [{ judged, distribution, attributions: attributions.filter((each) => each.name === name) }];
  });
}

function comparedWith({ reference, counts }: WindowReport): string {
  const what =
    reference.kind === 'baseline'
      ? `the hold-out that the version was judged on (${countText(reference.rows)} rows)`
      : `${reference.windowIds.length === 1 ? 'the earlier window' : 'the earlier windows'} ${reference.windowIds.join(', ')} (${countText(reference.rows)} predictions)`;
  return `${countText(counts.rows)} predictions, compared with ${what}.`;
}

function fold(title: string, columns: readonly ShownColumn[]): Html | null {
  return columns.length === 0
    ? null
    : html`<details><summary>${title}</summary>${columns.map(columnPart)}</details>`;
}

function columnPart({ judged, distribution, attributions }: ShownColumn): Html {
  const badge =
    judged.verdict === 'drift' ? html`<span class="badge bad">▲ ${distance(judged.effect)}</span>` : null;
  return html`<article class="column"><header><h3>${judged.name}</h3>${badge}</header>
<p>${withoutName(judged)}</p>
${hasRows(distribution) ? distributionPlot(distribution) : null}
${missing(distribution)}
${segments(attributions)}
${tests(judged)}</article>`;
}

/** The sentence without the name that stands above it. */
function withoutName({ name, sentence }: ColumnJudgement): string {
  const said = sentence.startsWith(`${name}: `) ? sentence.slice(name.length + 2) : sentence;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function hasRows({ reference, current }: Distribution): boolean {
  return [...reference, ...current].some((share) => share > 0);
}

function missing({ missing: { reference, current } }: Distribution): Html | null {
  if (reference === 0 && current === 0) return null;
  return html`<p class="key">Without a value: ${percent(current)} now, ${percent(reference)} before.</p>`;
}

function segments(attributions: readonly Attribution[]): Html | null {
  if (attributions.length === 0) return null;
  return html`<details><summary>In which segments</summary><div class="scroll"><table>
<caption class="aside">Parts of the movement by segment</caption>
<thead><tr><th scope="col">Segment</th><th scope="col">Part of the movement</th><th scope="col">Rows now</th><th scope="col">Rows before</th><th scope="col">Distance within</th></tr></thead>
<tbody>${attributions.map(
    ({ segment, value, contribution, share, distance: within }) =>
      html`<tr><th scope="row">${segment} = ${value === null ? '(none)' : shortName(value)}</th><td>${percentOf(contribution.value)}<small>${percentOf(contribution.low)} to ${percentOf(contribution.high)}</small></td><td>${percent(share.current)}</td><td>${percent(share.reference)}</td><td>${within === null ? '–' : distance(within)}</td></tr>`,
  )}</tbody></table></div></details>`;
}

/** A part may be negative: what moved against the rest. */
function percentOf(part: number): string {
  return part < 0 ? `−${percent(-part)}` : percent(part);
}

function tests({ tests, distances }: ColumnJudgement): Html | null {
  if (tests.length === 0) return null;
  return html`<details><summary>Tests and distances</summary><dl>${tests.map(
    ({ what, statistic, p, adjustedP, significant, convention, simulation }) =>
      html`<dt>${testNames[what]}: ${significant ? 'significant' : 'not significant'}, adjusted p ${pValue(adjustedP)}</dt><dd>p ${pValue(p)}; ${statistic.name} ${digits(statistic.value)}<small>${convention}${simulation ? html` (${countText(simulation.draws)} draws, seed ${simulation.seed})` : null}</small></dd>`,
  )}${distances.map(
    ({ name, value, convention }) =>
      html`<dt>${name}: ${digits(value)}</dt><dd><small>${convention}</small></dd>`,
  )}</dl></details>`;
}

const testNames: Readonly<Record<ColumnJudgement['tests'][number]['what'], string>> = {
  shape: 'Test of the shares of the bins',
  location: 'Test of higher or lower values',
  missing: 'Test of missing values',
};

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Every column in a row, the worst first. */
function columnTable({ drift, ranking }: WindowReport): Html {
  const judgedBy = new Map(drift.columns.map((column) => [column.name, column]));
  const rows = ranking.flatMap((name) => judgedBy.get(name) ?? []);
  return html`<section aria-labelledby="table"><h2 id="table">All columns</h2>
<details${rows.length <= 15 ? html` open` : null}><summary>${rows.length} columns, the worst first</summary><div class="scroll"><table><caption class="aside">All columns</caption>
<thead><tr><th scope="col">Column</th><th scope="col" class="text">Verdict</th><th scope="col">Distance</th><th scope="col">Adjusted p</th><th scope="col">Missing now</th><th scope="col">Missing before</th></tr></thead>
<tbody>${rows.map(columnRow)}</tbody></table></div></details></section>`;
}

function columnRow({ name, role, verdict, effect, tests, missingShare }: ColumnJudgement): Html {
  const smallest = tests.length === 0 ? null : Math.min(...tests.map(({ adjustedP }) => adjustedP));
  return html`<tr><th scope="row">${name}${role === 'prediction' ? html`<small>what the model says</small>` : null}</th><td class="text">${verdict}</td><td>${distance(effect)}</td><td>${smallest === null ? '–' : pValue(smallest)}</td><td>${percent(missingShare.current)}</td><td>${percent(missingShare.reference)}</td></tr>`;
}
