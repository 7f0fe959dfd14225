import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { WindowReport } from '../report.schema.ts';
import { countText, moment, percent } from './formats.ts';
import { type Html, html } from './html.ts';

/** Everything that the verdicts follow from. */
export function evidence(report: WindowReport): Html {
  const { drift, quality, evidence: of, counts } = report;
  const rows: [string, Html | string][] = [
    ['Baseline', object(of.baseline)],
    ['Window', object(of.window)],
    ['Facts of the window', object(of.profile)],
    ...of.references.map((reference): [string, Html] => ['Compared with', object(reference)]),
    ['Definition', html`<code>${of.definitionHash}</code>`],
    ['Code', html`<code>${of.codeVersion}</code>`],
    ['First and last prediction', span(counts)],
    ['Drift', driftPolicy(drift)],
    ['Quality', qualityPolicy(quality)],
    ['Seed', `${drift.policy.seed} for drift, ${quality.policy.seed} for quality`],
    ['Judged', moment(report.judgedAt)],
  ];
  return html`<section aria-labelledby="evidence"><h2 id="evidence">How to check it</h2>
<p class="soft">The same objects and the same code give the same report. Tests, conventions and seeds of each column stand with it, and in <code>report.json</code>.</p>
<details><summary>What the verdicts follow from</summary><table><caption class="aside">Evidence</caption><tbody>${rows.map(
    ([what, value]) => html`<tr><th scope="row">${what}</th><td class="text">${value}</td></tr>`,
  )}</tbody></table></details></section>`;
}

function object({ key, versionId, sha256 }: ObjectPin & { readonly sha256?: string }): Html {
  return html`<code>${key}</code><small>version ${versionId}${sha256 === undefined ? null : html`, SHA-256 <code>${sha256}</code>`}</small>`;
}

function span({ earliest, latest }: WindowReport['counts']): string {
  return earliest === null || latest === null ? 'none' : `${moment(earliest)} to ${moment(latest)}`;
}

function driftPolicy({ policy, tests }: WindowReport['drift']): string {
  return (
    `A column drifts if a test is significant at ${percent(policy.alpha)} for the whole window (${countText(tests)} tests, ` +
    `${policy.procedure}) and its distance is ${policy.minimumDistance} or more. At least ${countText(policy.minimumRows)} predictions.`
  );
}

function qualityPolicy({ policy }: WindowReport['quality']): string {
  return (
    `Degraded if more than ${percent(policy.maximumDrop)} of what the version is better than a guess is lost, ` +
    `significant at ${percent(policy.alpha)}. Measured from ${countText(policy.minimumLabels)} labels on, estimated below.`
  );
}
