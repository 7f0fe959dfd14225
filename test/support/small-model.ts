import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideAssembly, StartProcess } from './start-process.ts';

/** A definition and data that are learnt from in a moment, in a folder of their own. */
export interface SmallModel {
  readonly directory: string;
  readonly definition: string;
  readonly data: string;
}

const rows = 400;

export function makeSmallModel(): SmallModel {
  const directory = mkdtempSync(join(tmpdir(), 'small-model-'));
  const definition = join(directory, 'churn.yaml');
  const data = join(directory, 'customers.csv');
  writeFileSync(
    definition,
    'name: churn\nproblem: binary\ntarget: cancelled\ntraining: { hyperparameters: { num_round: 5 } }\n',
  );
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 18 + ((row * 37) % 60);
    // Every ninth does otherwise, so that there is something to be unsure of.
    const cancels = age > 45 === (row % 9 !== 0);
    const plan = ['basic', 'plus', 'pro'][(row * 7) % 3];
    return `${age},${plan},${((row * 7919) % 10_007) / 8},${cancels ? 'yes' : 'no'}`;
  });
  writeFileSync(data, `age,plan,balance,cancelled\n${lines.join('\n')}\n`);
  return { directory, definition, data };
}

/** A state directory of the small model's, synthesised already. */
export async function makeState(model: SmallModel, name: string): Promise<string> {
  const state = join(model.directory, name);
  mkdirSync(state, { recursive: true });
  await provideAssembly(state);
  return state;
}

/** A start that ends after the loop, and takes no longer than it must. */
export const startOf = (
  { definition, data }: SmallModel,
  state: string,
  more?: ConstructorParameters<typeof StartProcess>[1],
): StartProcess =>
  new StartProcess(
    ['--exit', '--speed', '600', '--state', state, '--definition', definition, '--data', data],
    more,
  );

/** When a start is ended by SIGKILL: so long after so many of its calls that change state have been answered. */
export interface KillMoment {
  readonly call: number;
  readonly delayMilliseconds: number;
}

export interface CountedStart {
  readonly start: StartProcess;
  /** Its calls that change state, once it is over. */
  readonly calls: () => string[];
}

/** The same start, ended at the moment if it gets so far. */
export function startKilledAt(model: SmallModel, state: string, moment?: KillMoment): CountedStart {
  const report = join(model.directory, 'calls.txt');
  rmSync(report, { force: true });
  const kill = moment && {
    KILL_AT_CALL: String(moment.call),
    KILL_DELAY_MS: String(moment.delayMilliseconds),
  };
  const start = startOf(model, state, {
    imports: ['./test/support/kill-at-call.ts'],
    env: { KILL_REPORT: report, ...kill },
  });
  return {
    start,
    calls: () => (existsSync(report) ? readFileSync(report, 'utf8').split('\n').slice(0, -1) : []),
  };
}

/** What must be the same however often a start was killed: not times, nor names that hold a run's own. */
export function endOf(state: string): unknown {
  const { success, liveVersion, outcome, versions } = JSON.parse(
    readFileSync(join(state, 'summary.json'), 'utf8'),
  );
  return {
    success,
    liveVersion,
    outcome: outcome?.type,
    versions: versions.map(({ version, status, dataset, metrics }: Record<string, unknown>) => ({
      version,
      status,
      dataset,
      metrics,
    })),
  };
}

/** Processes that work in a directory; on Linux only, which tells. */
export function processesIn(directory: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const isZombie = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
        const arguments_ = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const place = readlinkSync(`/proc/${pid}/cwd`);
        return !isZombie && (place.startsWith(directory) || arguments_.includes(directory));
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);
}
