import type { GateVerdict, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Estimate } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { count, type Line } from '../progress/line.ts';

const labelColumn = 13;
const nameColumn = 20;

/** A heading over a few lines. */
export const heading = (text: string): Line => [{ text: `  ${text}`, style: 'bold' }];

/** `label   value`, aligned with its neighbours. */
export const field = (label: string, value: string): Line => [
  { text: `  ${label.padEnd(labelColumn)}`, style: 'dim' },
  { text: value, isProse: true },
];

/** Further text below a field's value. */
export const more = (value: string): Line => [
  { text: ' '.repeat(labelColumn + 2) },
  { text: value, style: 'dim', isProse: true },
];

export const blank: Line = [];

/** Everything that is known of a version: dataset, metrics with intervals, verdicts, registry row. */
export function versionLines(version: VersionRecord): Line[] {
  return [
    ...datasetLines(version),
    blank,
    ...metricLines(version.metrics),
    blank,
    ...gateLines(version.gates),
    blank,
    ...registryLines(version),
  ];
}

function datasetLines({ dataset }: VersionRecord): Line[] {
  const shares = Object.entries(dataset.splitRows).map(([split, rows]) => `${split} ${count(rows)}`);
  return [field('Dataset', `${dataset.datasetId}, ${count(dataset.rows)} rows`), more(shares.join(' · '))];
}

/** A table of metrics on the hold-out. */
function metricLines(metrics: Readonly<Record<string, Estimate>>): Line[] {
  const rows = Object.entries(metrics).map(
    ([name, { value, low, high }]): Line => [
      { text: `  ${name.padEnd(nameColumn)}` },
      { text: reportFigure(value).padStart(9), style: 'bold' },
      { text: `   ${reportFigure(low).padStart(8)} … ${reportFigure(high)}`, style: 'dim' },
    ],
  );
  return [
    [
      { text: '  Metric'.padEnd(nameColumn + 2), style: 'dim' },
      { text: 'hold-out'.padStart(9), style: 'dim' },
      { text: '   95 % interval', style: 'dim' },
    ],
    ...rows,
  ];
}

function gateLines(gates: readonly GateVerdict[]): Line[] {
  return gates.map(
    ({ gate, passed, message }, index): Line => [
      { text: `  ${(index === 0 ? 'Gates' : '').padEnd(labelColumn)}`, style: 'dim' },
      passed ? { text: '✓ ', style: 'good' } : { text: '✗ ', style: 'bad' },
      { text: `${gate}: ` },
      { text: message, style: 'dim', isProse: true },
    ],
  );
}

function registryLines(version: VersionRecord): Line[] {
  const { model, status, runId, training, codeVersion, served } = version;
  const versionKey = String(version.version).padStart(8, '0');
  return [
    field('Registry', `MODEL#${model} / VERSION#${versionKey}: ${status}`),
    more(`run ${runId} · code ${codeVersion} · ${training.jobName}`),
    more(`${training.image}${training.imageDigest === null ? '' : `, ${training.imageDigest.slice(0, 19)}`}`),
    ...(served ? [field('Endpoint', `${served.endpointName}, proven to serve at ${served.provenAt}`)] : []),
  ];
}

/** Four significant digits, and no more decimals than four. */
export function reportFigure(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(3 - magnitude, 0), 4));
}
