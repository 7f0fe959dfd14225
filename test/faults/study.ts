import {
  endWith,
  type Fault,
  type FaultyEnd,
  faultName,
  faultsOf,
  referenceOf,
  type Way,
} from '../support/fault-at-every-call.ts';

/** What a way's faults have led to. */
export interface WayReport {
  readonly way: string;
  /** How many calls it makes without a fault. */
  readonly calls: number;
  readonly faults: number;
  readonly verdicts: Readonly<Record<FaultyEnd['verdict'], number>>;
  /** Ends that differ and are not meant to: `<fault>: <what is otherwise>`. */
  readonly differing: readonly string[];
  readonly seconds: number;
}

export interface StudyOptions {
  /** Which of a way's faults are tried, and in what order. */
  readonly choose: (faults: readonly Fault[]) => readonly Fault[];
  /** How many executions run at once. They wait most of the time, each for a model of its own. */
  readonly atOnce: number;
  /** Is told of each end that differs as soon as it is known. */
  readonly onDiffering?: (what: string) => void;
}

/** Runs a way without a fault, and again for each fault that is chosen. */
export async function study(way: Way, { choose, atOnce, onDiffering }: StudyOptions): Promise<WayReport> {
  const began = performance.now();
  const reference = await referenceOf(way);
  const faults = choose(faultsOf(reference.calls));
  const verdicts = { same: 0, meant: 0, differs: 0, unreached: 0 };
  const differing: string[] = [];
  const left = faults.values();
  async function work(): Promise<void> {
    for (const fault of left) {
      const { verdict, differences } = await endWith(way, fault, reference);
      verdicts[verdict] += 1;
      if (verdict !== 'differs') continue;
      const what = `${faultName(fault)}: ${differences.join('; ')}`;
      differing.push(what);
      onDiffering?.(`${way.name}, ${what}`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - began) / 1000;
  return {
    way: way.name,
    calls: reference.calls.length,
    faults: faults.length,
    verdicts,
    differing: differing.sort(),
    seconds,
  };
}
