import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalRegion, type LocalRegionOptions, type RegionEvent } from '@tidemark/region';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from './assembly.ts';
import { inProcess } from './in-process.ts';
import { type LoggedInvocation, loggedInvocations, wronglyLogged } from './invocation-lines.ts';

/** Waits of a day take seconds. */
const speed = 200;
/** No person works beside a test: functions stay warm. */
const warmFunctions = { workers: 10, idleMegabytes: 800 };

export interface RegionUnderTest {
  readonly region: LocalRegion;
  /** Everything the region told, faults among it. */
  readonly told: readonly RegionEvent[];
  /** Stops it and starts it again on the same state. */
  restart(options?: Partial<LocalRegionOptions>): Promise<void>;
  /** The invocations of functions until now, with the line that each has written. */
  invocations(): LoggedInvocation[];
  /**
   * Stops it and forgets its state. @throws Error when the region had defects, the templates' policies allowed too little, or an invocation
   * of a function has not written exactly one line.
   */
  stop(): Promise<void>;
}

export interface RegionUnderTestOptions extends Partial<LocalRegionOptions> {
  /** Functions run as bundles in processes of their own, as in `npm start`; otherwise from their sources in the test's process. */
  readonly processes?: boolean;
}

/** The whole product in a local region, in a temporary directory: the real assembly, handlers and state machines. */
export async function startRegion({
  processes = false,
  ...options
}: RegionUnderTestOptions = {}): Promise<RegionUnderTest> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'tidemark-region-'));
  const stateDirectory = options.stateDirectory ?? temporaryDirectory;
  const assemblyDirectory = await synthesisedAssembly();
  const told: RegionEvent[] = [];
  const start = (more: Partial<LocalRegionOptions> = {}) =>
    LocalRegion.start({
      assemblyDirectory,
      layerModules,
      speed,
      warmFunctions,
      ...(!processes && { runFunction: inProcess() }),
      onEvent: (event) => told.push(event),
      ...options,
      stateDirectory,
      ...more,
    });
  let region = await start();
  return {
    get region() {
      return region;
    },
    told,
    async restart(more) {
      // Functions of this process have its endpoint.
      const port = Number(new URL(region.endpoint).port);
      await region.stop();
      region = await start({ port, ...more });
    },
    invocations: () => loggedInvocations(stateDirectory),
    async stop() {
      await region.stop();
      const unlogged = wronglyLogged(loggedInvocations(stateDirectory));
      await rm(temporaryDirectory, { recursive: true, force: true });
      const faults = told.flatMap((event) => {
        if (event.kind === 'fault') return [`${event.what}: ${String(event.fault)}`];
        return event.kind === 'access-denied' ? [`${event.message}. Nearest: ${event.nearest}`] : [];
      });
      const defects = [...faults, ...unlogged];
      if (defects.length > 0) throw new Error(`The local region had defects:\n${defects.join('\n')}`);
    },
  };
}
