import type { LateCaptures } from '@tidemark/domain/windows/window.schema.ts';
import type { WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { percent } from '@tidemark/statistics/drift/drift-sentences.ts';
import { numeral } from '@tidemark/statistics/sentence.ts';
import { scatteredSentences, segmentQualitySentences, segmentSentences } from './describe-segments.ts';
import {
  type LeftOutLabels,
  refusedLabelNotes,
  replacedSentences,
  unknownLabelNotes,
  unusedLabelSentences,
} from './left-out-labels.ts';
import type { WindowReport } from './report.schema.ts';

/** What a report says in words. */
export type Description = Pick<WindowReport, 'headline' | 'findings' | 'notes'>;

/** What the words are about. */
export type Judged = Pick<
  WindowReport,
  | 'reference'
  | 'drift'
  | 'calendar'
  | 'excluded'
  | 'changedColumns'
  | 'attributions'
  | 'unknownCategories'
  | 'quality'
  | 'segmentQuality'
  | 'settledEstimates'
>;

/** Drifting columns that have a sentence of their own; the page shows all. */
const describedColumns = 5;
/** Columns that the headline names. */
const headlineColumns = 3;
/** A share of predictions with categories that the model does not know from which it is worth a note. */
const notableUnknown = 0.01;

/** Says in plain words what moved, by how much, in which segment, and how sure we are. */
export function describeWindow(
  judged: Judged,
  window: WindowFacts,
  { late, labels }: { readonly late: LateCaptures; readonly labels: LeftOutLabels },
): Description {
  return {
    headline: headline(judged),
    findings: [
      ...driftFindings(judged),
      judged.quality.sentence,
      ...segmentQualitySentences(judged),
      ...judged.settledEstimates.map(settledSentence),
      ...judged.changedColumns.map(({ sentence }) => sentence),
    ],
    notes: [
      ...notes(judged, window),
      ...lateNotes(late),
      ...refusedLabelNotes(labels.refused),
      ...unknownLabelNotes(labels.unknown),
      ...replacedSentences(labels.replaced),
    ],
  };
}

function headline({ drift, quality, changedColumns }: Judged): string {
  const moved = drift.verdict === 'drift' ? movedSentence(drift) : drift.sentence;
  const degraded = quality.verdict === 'degraded' ? ' The quality has degraded.' : '';
  return `${moved}${degraded}${changedSentence(changedColumns)}`;
}

function changedSentence(columns: Judged['changedColumns']): string {
  if (columns.length === 0) return '';
  const names = namedFirst(columns.map(({ column }) => column));
  const [what, have] = columns.length === 1 ? ['1 column', 'has'] : [`${columns.length} columns`, 'have'];
  return ` ${what} that the model does not use ${have} changed since training: ${names}.`;
}

/** The predictions first: what the model says is what it is there for. */
function movedSentence({ columns }: Judged['drift']): string {
  const drifting = columns
    .filter(({ verdict }) => verdict === 'drift')
    .toSorted((a, b) => b.effect - a.effect);
  const prediction = drifting.find(({ role }) => role === 'prediction');
  const moved = drifting.filter(({ role }) => role === 'feature').map(({ name }) => name);
  const features = `${moved.length} of ${columns.length - 1} features`;
  const names = namedFirst(moved);
  if (!prediction) {
    const verb = moved.length === 1 ? 'has' : 'have';
    return `${features} ${verb} moved: ${names}. The predictions have not, by as much as matters.`;
  }
  const first = `The predictions have moved, by a distance of ${twoDigits(prediction.effect)}`;
  if (moved.length === 0) return `${first}; no feature has, by as much as matters.`;
  return `${first}, and so ${moved.length === 1 ? 'has' : 'have'} ${features}: ${names}.`;
}

function namedFirst(names: readonly string[]): string {
  const others = names.length - headlineColumns;
  const first = names.slice(0, headlineColumns).join(', ');
  return others > 0 ? `${first} and ${others} more` : first;
}

function driftFindings({ drift, attributions, reference }: Judged): string[] {
  if (drift.verdict !== 'drift') return stableFindings(drift, reference);
  const drifting = drift.columns.filter(({ verdict }) => verdict === 'drift');
  const first = [
    ...drifting.filter(({ role }) => role === 'prediction'),
    ...drifting.filter(({ role }) => role === 'feature').toSorted((a, b) => b.effect - a.effect),
  ];
  const described = first.slice(0, describedColumns);
  const others = first.length - described.length;
  return [
    ...described.flatMap(({ name, sentence }) => [sentence, ...segmentSentences(name, attributions)]),
    ...(others > 0
      ? [`${others} more ${others === 1 ? 'column drifts' : 'columns drift'}, as listed below.`]
      : []),
    ...scatteredSentences(
      described.map(({ name }) => name),
      attributions,
    ),
  ];
}

function stableFindings(drift: Judged['drift'], { kind }: Judged['reference']): string[] {
  if (drift.verdict === 'insufficient-data') {
    return ['Whether anything has moved is not known: that is neither a pass nor an alarm.'];
  }
  const [closest] = drift.columns.toSorted((a, b) => b.effect - a.effect);
  const other = kind === 'baseline' ? 'the hold-out that the version was judged on' : 'the earlier windows';
  const farthest =
    closest && closest.effect > 0
      ? ` Farthest from it is ${closest.name}, at a distance of ${twoDigits(closest.effect)}, where ${drift.policy.minimumDistance} would count.`
      : '';
  return [
    `Nothing has moved against ${other} both significantly and by as much as the definition asks for.${farthest}`,
  ];
}

function settledSentence({
  windowId,
  metric,
  estimated,
  measured,
  error,
  labels,
  withinInterval,
}: WindowReport['settledEstimates'][number]): string {
  const held = withinInterval ? 'within its interval' : 'outside its interval';
  return (
    `The estimate for window ${windowId} was ${metric} ${threeDigits(estimated)}; ${labels === 1 ? '1 label now says' : `${numeral(labels)} labels now say`} ${threeDigits(measured)}: ` +
    `off by ${threeDigits(Math.abs(error))}, ${held}.`
  );
}

function notes(
  { reference, calendar, excluded, unknownCategories, quality }: Judged,
  window: WindowFacts,
): string[] {
  return [
    ...(reference.note === null ? [] : [reference.note]),
    ...(excluded.length === 0
      ? []
      : [`${excluded.join(', ')}: not judged, because the definition excludes them from monitoring.`]),
    ...(calendar.length === 0
      ? []
      : [
          `${calendar.join(', ')}: not judged, because a window shows only a part of their cycle. They depend on the time of the window.`,
        ]),
    ...unknownCategories.flatMap((column) => unknownNote(column, window.rows)),
    ...captureNotes(window),
    ...labelNotes(window),
    ...(quality.basis === 'estimated'
      ? [
          'Quality is estimated from the scores, which cannot show that the same inputs now lead to another outcome.',
        ]
      : []),
  ];
}

function unknownNote(
  { column, rows, values }: WindowReport['unknownCategories'][number],
  allRows: number,
): string[] {
  if (rows < notableUnknown * allRows) return [];
  const named = values.slice(0, 3).map(({ value, rows: its }) => `${value} (${its})`);
  const others = values.length > named.length ? ' and others' : '';
  return [
    `${percent(rows / allRows)} of the predictions had a value of ${column} that the model does not know, such as ${named.join(', ')}${others}. To the model they are all alike.`,
  ];
}

function captureNotes({ leftOut }: WindowFacts): string[] {
  const { malformed, duplicates, otherVersions } = leftOut;
  return [
    ...counted(malformed, 'capture could not be read', 'captures could not be read'),
    ...counted(
      duplicates,
      'prediction was captured again and counts once',
      'predictions were captured again and count once',
    ),
    ...Object.entries(otherVersions).flatMap(([version, rows]) => {
      const of = version === 'unknown' ? 'an unknown version' : `version ${version}`;
      return counted(rows, `prediction of ${of} is not judged`, `predictions of ${of} are not judged`);
    }),
  ];
}

/** What came so late is worth a person's look: something holds captures up. */
export function lateNotes({ taken, left }: LateCaptures): string[] {
  return [
    ...counted(
      taken,
      'object of captures came more than two days late and is judged with this window',
      'objects of captures came more than two days late and are judged with this window',
    ),
    ...counted(
      left,
      'object of captures came more than 31 days late and is left out, because it may have been counted before',
      'objects of captures came more than 31 days late and are left out, because they may have been counted before',
    ),
  ];
}

function labelNotes({ labels, labelled }: WindowFacts): string[] {
  return [
    ...counted(
      labels.formerVersions,
      'label is of a prediction of a version that is not judged any more',
      'labels are of predictions of versions that are not judged any more',
    ),
    ...unusedLabelSentences(labels),
    ...counted(
      labels.conflicting,
      'label contradicts another one of its prediction. Of those that came with one window the last counts; what an earlier window has counted stands',
      'labels contradict others of their predictions. Of those that came with one window the last counts; what an earlier window has counted stands',
    ),
    ...(labelled.kept.length < labelled.seen
      ? [`Quality is measured on a uniform sample of ${labelled.kept.length} of the ${labelled.seen} labels.`]
      : []),
  ];
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
}

function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
