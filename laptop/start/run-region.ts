import { join, relative } from 'node:path';
import { unreachable } from '@tidemark/domain/errors.ts';
import { LocalRegion, type RegionEvent, TemplateError } from '@tidemark/region';
import { diskTrouble } from '@tidemark/region/host';
import { layerModules } from '../layer-modules.ts';
import type { Screen } from '../progress/screen.ts';
import type { StartArguments } from './arguments.ts';
import { DenialLines } from './denial-lines.ts';
import { driftLines } from './drift-lines.ts';
import { Loop } from './loop.ts';
import { otherFormat } from './mendable.ts';
import { blank } from './report-lines.ts';
import { StartError } from './start-error.ts';
import { step } from './steps.ts';
import type { PreparedSubject } from './subject.ts';

interface RunOptions {
  readonly args: StartArguments;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly subject: PreparedSubject;
  readonly stateDirectory: string;
  readonly assemblyDirectory: string;
}

/** Starts the region, runs the loop in it, and stops it whatever happens. @returns the exit code. */
export async function runRegion(options: RunOptions): Promise<number> {
  const { args, screen, signal, stateDirectory } = options;
  const region = await step(
    screen,
    'Start the region with these templates',
    () => startRegion(options),
    ({ endpoint, resources }) =>
      `${resources.length} resources at ${endpoint}, waits divided by ${args.speed}`,
  );
  screen.print(blank, ...driftLines(region.drift));
  try {
    const fromHere = relative(process.cwd(), stateDirectory) || '.';
    const shown = fromHere.startsWith('..') ? stateDirectory : fromHere;
    return await new Loop({ region, screen, signal, stateDirectory, shownStateDirectory: shown }).run(
      options.subject,
      args,
    );
  } finally {
    screen.live([[{ text: '  Stopping; the next start continues from here.', style: 'dim' }]]);
    await region.stop();
  }
}

/** How CloudFormation refuses a release that stores another format: see `Stores.registryExport`. */
const deniedExport = /Cannot delete export \S+-registry-of-format-/;

async function startRegion({
  args,
  screen,
  stateDirectory,
  assemblyDirectory,
}: RunOptions): Promise<LocalRegion> {
  const denials = new DenialLines();
  const tell = (event: RegionEvent) => {
    const text = event.kind === 'access-denied' ? denials.lineOf(event) : eventText(event, stateDirectory);
    if (text !== undefined) screen.print([{ text: `  ! ${text}`, style: 'warn' }]);
  };
  try {
    return await LocalRegion.start({
      assemblyDirectory,
      stateDirectory: join(stateDirectory, 'region'),
      layerModules,
      port: args.port,
      speed: args.speed,
      revertDrift: args.revertDrift,
      onEvent: tell,
    });
  } catch (error) {
    if (error instanceof TemplateError && deniedExport.test(error.message)) throw otherFormat();
    if (error instanceof TemplateError)
      throw new StartError(`The region cannot run the templates: ${error.message}`);
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${args.port} is taken: choose another with --port, or leave it out for a free one.`,
      );
    }
    throw error;
  }
}

function eventText(event: Exclude<RegionEvent, { kind: 'access-denied' }>, stateDirectory: string): string {
  switch (event.kind) {
    case 'fault':
      return (
        diskTrouble(event.fault, stateDirectory) ??
        `The local region has a defect (${event.what}): ${String(event.fault)}`
      );
    case 'alarm':
      return `Alarm ${event.alarmName} is ${event.state}: ${event.reason}`;
    case 'event-given-up':
      return `An event could not be delivered by rule ${event.ruleName}: ${event.why}`;
    case 'delivery-failed':
      return `Firehose ${event.streamName} could not write to its bucket, and tries again: ${event.why}`;
    case 'schedule-given-up':
      return `The schedule ${event.scheduleArn} could not start its target: ${event.why}`;
    default:
      return unreachable(event);
  }
}
