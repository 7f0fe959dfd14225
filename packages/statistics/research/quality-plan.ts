import type { ProblemType } from '../metrics/metric-names.ts';
import { configuredAlpha, examinedAlpha } from './plan.ts';
import type { QualitySimulation } from './quality-simulate.ts';

/** What is simulated of quality, in the order of the report. */
export interface QualityPart {
  readonly part: 'level' | 'days' | 'configured' | 'power' | 'estimates';
  /** A row of the table, or a curve. */
  readonly row: string;
  readonly quality: QualitySimulation;
}

const problems: readonly ProblemType[] = ['binary', 'multiclass', 'regression'];
export const problemNames: Readonly<Record<ProblemType, string>> = {
  binary: 'binary, AUC',
  multiclass: '4 classes, log loss',
  regression: 'regression, RMSE, heavy tails',
};
const usual = { lost: 0, spread: 1, centre: 0 };
const base = {
  holdoutRows: 5000,
  days: 0,
  isTimed: false,
  earlier: 0,
  rowsOf: usual,
  alpha: examinedAlpha,
  isLabelled: true,
};
const nullWindows = 400;
const configuredWindows = 1500;
const powerWindows = 100;
const estimatedWindows = 100;
export const powerSizes = [200, 500, 1000, 2000, 5000, 10_000];

/** @param effort 1 for all windows, less for fewer */
export function planQuality(effort: number): QualityPart[] {
  const plan = (
    part: QualityPart['part'],
    row: string,
    windows: number,
    more: Partial<QualitySimulation> & Pick<QualitySimulation, 'problem' | 'windowRows'>,
  ): QualityPart => {
    const name = `quality ${part} ${row} ${more.problem} ${more.windowRows}`;
    return {
      part,
      row,
      quality: { ...base, name, windows: Math.max(5, Math.round(windows * effort)), ...more },
    };
  };
  const level = problems.flatMap((problem) =>
    [1000, 5000].flatMap((holdoutRows) =>
      [200, 1000, 5000].map((windowRows) =>
        plan(
          'level',
          `${problemNames[problem]}, ${holdoutRows.toLocaleString('en')} rows of hold-out`,
          nullWindows,
          {
            problem,
            holdoutRows,
            windowRows,
          },
        ),
      ),
    ),
  );
  const days = problems.flatMap((problem) =>
    knowledge.flatMap(({ known, ...more }) =>
      [500, 2000].map((windowRows) =>
        plan('days', `${problemNames[problem]}: ${known}`, nullWindows, { problem, windowRows, ...more }),
      ),
    ),
  );
  const configured = problems.map((problem) =>
    plan('configured', problemNames[problem], configuredWindows, {
      problem,
      windowRows: 1000,
      alpha: configuredAlpha,
    }),
  );
  const power = problems.flatMap((problem) =>
    [0.1, 0.2, 0.4].flatMap((lost) =>
      powerSizes.map((windowRows) =>
        plan('power', `${problemNames[problem]}: loses ${lost * 100} %`, powerWindows, {
          problem,
          windowRows,
          rowsOf: { ...usual, lost },
          alpha: configuredAlpha,
        }),
      ),
    ),
  );
  const estimates = moves.flatMap(({ problem, what, ...more }) =>
    plan('estimates', `${problemNames[problem]}: ${what}`, estimatedWindows, {
      problem,
      windowRows: 4000,
      holdoutRows: 4000,
      isLabelled: false,
      ...more,
    }),
  );
  return [...level, ...days, ...configured, ...power, ...estimates];
}

/** What is known of how much days differ. Each day has 500 rows. */
const knowledge = [
  { known: 'nothing (30 days without times)', holdoutRows: 15_000, days: 30, isTimed: false, earlier: 0 },
  { known: '8 days', holdoutRows: 4000, days: 8, isTimed: true, earlier: 0 },
  { known: '30 days', holdoutRows: 15_000, days: 30, isTimed: true, earlier: 0 },
  { known: '20 windows before it', holdoutRows: 15_000, days: 30, isTimed: false, earlier: 20 },
];

const narrow = { ...usual, spread: 0.5 };
const moved = (centre: number) => ({ ...usual, centre });
const days = { holdoutRows: 15_000, days: 30 };

/** What happens to predictions whose labels are not there yet. */
const moves: readonly ({ problem: ProblemType; what: string } & Partial<QualitySimulation>)[] = [
  { problem: 'binary', what: 'nothing moves' },
  { problem: 'binary', what: 'half as spread', rowsOf: narrow },
  { problem: 'binary', what: 'moved by 1 σ', rowsOf: moved(1) },
  { problem: 'binary', what: 'moved by 2 σ', rowsOf: moved(2) },
  { problem: 'binary', what: 'moved by 2 σ, 20,000 rows of hold-out', rowsOf: moved(2), holdoutRows: 20_000 },
  { problem: 'multiclass', what: 'nothing moves' },
  { problem: 'multiclass', what: 'half as spread', rowsOf: narrow },
  { problem: 'multiclass', what: 'one class gains by 1 σ', rowsOf: moved(1) },
  { problem: 'regression', what: 'nothing moves' },
  { problem: 'regression', what: 'half as spread', rowsOf: narrow },
  { problem: 'regression', what: 'moved by 1 σ', rowsOf: moved(1) },
  { problem: 'regression', what: 'moved by 2 σ', rowsOf: moved(2) },
  { problem: 'binary', what: 'days differ, without times', ...days },
  { problem: 'binary', what: 'days differ, 30 known', ...days, isTimed: true },
  { problem: 'binary', what: 'a fifth of the meaning is lost', rowsOf: { ...usual, lost: 0.2 } },
];
