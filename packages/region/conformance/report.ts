import { type Discrepancy, discrepancies, isReworded } from './compare.ts';
import { explanation, type MeantDifference } from './meant-difference.ts';
import type { LabelledAnswer, Scenario } from './scenario.ts';
import type { ServiceName } from './services.ts';
import type { ImplementationName } from './worlds/world.ts';

interface Counts {
  compared: number;
  equal: number;
  meant: number;
  different: number;
  /** Of the equal ones, errors whose messages have other words. */
  reworded: number;
}

/** Who the other is: by name in the table of meant differences, by title in what is printed. */
interface Other {
  readonly name: ImplementationName;
  readonly title: string;
}

/** Counts what is equal, what differs as meant, and what differs; prints the differences. */
export class Report {
  readonly #table: readonly MeantDifference[];
  readonly #showsAll: boolean;
  readonly #counts = new Map<string, Counts>();
  /** The steps that each entry explains. */
  readonly #used = new Map<MeantDifference, Set<string>>();
  readonly #seen = new Set<string>();
  readonly #faults: unknown[] = [];

  constructor(table: readonly MeantDifference[], { showsAll }: { readonly showsAll: boolean }) {
    this.#table = table;
    this.#showsAll = showsAll;
  }

  /** A defect of the region came up. */
  fault(fault: unknown): void {
    this.#faults.push(fault);
  }

  /** Compares the answers of two runs of a scenario, request by request. */
  compare(
    other: Other,
    scenario: Scenario,
    ours: readonly LabelledAnswer[],
    theirs: readonly LabelledAnswer[],
  ): void {
    const labels = new Set([...ours, ...theirs].map(({ label }) => label));
    const answerIn = (run: readonly LabelledAnswer[], label: string) =>
      run.find((step) => step.label === label)?.answer ?? 'not asked, because an earlier answer differed';
    for (const label of labels)
      this.add(
        other,
        scenario.service,
        `${scenario.name}: ${label}`,
        answerIn(ours, label),
        answerIn(theirs, label),
      );
  }

  /** Compares two answers to one request. */
  add(other: Other, service: ServiceName, step: string, ours: unknown, theirs: unknown): void {
    const counts = this.#countsOf(service, other);
    const found = discrepancies(ours, theirs);
    const unexplained = found.filter((discrepancy) => {
      const entry = explanation(this.#table, { from: other.name, service, step }, discrepancy);
      if (entry) this.#used.set(entry, (this.#used.get(entry) ?? new Set()).add(step));
      if (this.#showsAll && entry) this.#line('meant', other, service, step, discrepancy, entry.because);
      return entry === undefined;
    });
    counts.compared += 1;
    if (found.length === 0) counts.equal += 1;
    else if (unexplained.length === 0) counts.meant += 1;
    else counts.different += 1;
    if (found.length === 0 && isReworded(ours, theirs)) {
      counts.reworded += 1;
      if (this.#showsAll) this.#line('reworded', other, service, step, { path: 'message', ours, theirs }, '');
    }
    for (const discrepancy of unexplained) this.#line('DIFFERENT', other, service, step, discrepancy, '');
  }

  /** Prints the counts. Returns whether every difference is meant, and in a whole run every entry explains as many as it says. */
  print({ isWhole }: { readonly isWhole: boolean }): boolean {
    console.log(
      '\n| service | compared with | operations | equal | of these, other words | different and meant | different |',
    );
    console.log('|---|---|---|---|---|---|---|');
    for (const [name, { compared, equal, reworded, meant, different }] of this.#counts)
      console.log(`| ${name} | ${compared} | ${equal} | ${reworded} | ${meant} | ${different} |`);
    this.#printMeant();
    const stale = isWhole ? this.#table.filter((entry) => this.#isStale(entry)) : [];
    for (const entry of stale)
      console.log(
        `NOT AS SAID ${entry.from} ${entry.service} ${entry.steps} ${entry.paths}: explains ${this.#used.get(entry)?.size ?? 0} steps, not ${entry.count}`,
      );
    for (const fault of this.#faults) console.log('FAULT OF THE REGION', fault);
    const different = [...this.#counts.values()].some((counts) => counts.different > 0);
    return !different && stale.length === 0 && this.#faults.length === 0;
  }

  /** Counts each step once, by the entry that says most against the region. */
  #printMeant(): void {
    const rights = new Map<string, MeantDifference['right']>();
    for (const right of ['ours', 'neither', 'unknown', 'theirs'] as const)
      for (const [entry, steps] of this.#used)
        if (entry.right === right)
          for (const step of steps) rights.set(`${entry.from} ${entry.service} ${step}`, right);
    const count = (right: MeantDifference['right']) =>
      [...rights.values()].filter((value) => value === right).length;
    console.log(
      `\nOf the ${rights.size} requests with a difference that is meant, ${count('ours')} are answered by this region as by AWS, ` +
        `${count('theirs')} by the other (SUPPORT.md says so), ${count('neither')} are not promised by AWS or by neither answered so, ` +
        `and of ${count('unknown')} no source says who is right.`,
    );
  }

  #isStale(entry: MeantDifference): boolean {
    return this.#seen.has(`${entry.from} ${entry.service}`) && this.#used.get(entry)?.size !== entry.count;
  }

  #countsOf(service: ServiceName, { name, title }: Other): Counts {
    this.#seen.add(`${name} ${service}`);
    const key = `${service} | ${title}`;
    const counts = this.#counts.get(key) ?? { compared: 0, equal: 0, meant: 0, different: 0, reworded: 0 };
    this.#counts.set(key, counts);
    return counts;
  }

  #line(
    kind: string,
    { name }: Other,
    service: ServiceName,
    step: string,
    { path, ours, theirs }: Discrepancy,
    because: string,
  ): void {
    const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 300) ?? 'nothing';
    console.log(
      `${kind} ${service} | ${step} | ${path}\n  region: ${shown(ours)}\n  ${name}: ${shown(theirs)}`,
    );
    if (because !== '') console.log(`  because ${because}`);
  }
}
