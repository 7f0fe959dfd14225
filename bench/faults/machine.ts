import { isMachineName, waysOf } from '../../test/faults/machines.ts';
import { study } from '../../test/faults/study.ts';
import { drawn } from '../../test/support/sweep.ts';

/** One machine's part of `bench/faults.ts`, which starts it: `<machine> <share of the faults> <seed> <executions at once>`. */
const [machine = '', share, seed = '', atOnce] = process.argv.slice(2);
if (!isMachineName(machine)) throw new Error(`There is no machine ${machine}.`);
const { ways, stop } = await waysOf[machine]();
let differing = 0;
for (const way of ways) {
  const report = await study(way, {
    choose: (faults) =>
      drawn(faults, { size: Math.ceil(faults.length * Number(share)), kindOf: () => '', seed }),
    atOnce: Number(atOnce),
    onDiffering: (what) => tell(`  DIFFERS ${machine}, ${what}`),
  });
  const { calls, faults, verdicts, seconds } = report;
  differing += verdicts.differs;
  tell(
    `${machine}, ${report.way}: ${calls} calls, ${faults} faults: ${verdicts.same} end as without one, ${verdicts.meant} as they are meant to, ` +
      `${verdicts.differs} otherwise, ${verdicts.unreached} were not reached (${Math.round(seconds)} s)`,
  );
}
await stop();
// What a killed handler was about to do waits for ever.
process.exit(differing === 0 ? 0 : 1);

function tell(line: string): void {
  process.send?.(line);
}
