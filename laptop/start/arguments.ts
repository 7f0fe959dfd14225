import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

/** Waits are divided by this unless told otherwise: a quiet period of a minute takes a second. */
export const defaultSpeed = 60;
/** At ten thousand a day's wait takes nine seconds; timers below a millisecond mean nothing. */
const maximumSpeed = 10_000;

const options = {
  definition: { type: 'string' },
  data: { type: 'string', multiple: true },
  exit: { type: 'boolean' },
  fresh: { type: 'boolean' },
  'no-replay': { type: 'boolean' },
  port: { type: 'string' },
  'revert-drift': { type: 'boolean' },
  speed: { type: 'string' },
  stage: { type: 'string' },
  state: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** What to run: the shipped example, or a person's own definition and data. */
export type StartSubject =
  | { readonly kind: 'example' }
  | { readonly kind: 'own'; readonly definition: string; readonly data: readonly string[] };

export interface StartArguments {
  readonly subject: StartSubject;
  /** End after the loop instead of staying up. */
  readonly exit: boolean;
  /** Forget what earlier starts left. */
  readonly fresh: boolean;
  /** Play the example's traffic once its first version is live. */
  readonly replay: boolean;
  /** 0 takes a free port. */
  readonly port: number;
  /** Divides waits. */
  readonly speed: number;
  readonly stateDirectory: string;
  /** Which stage of `cdk.json`; needed where it has several. */
  readonly stage?: string | undefined;
  /** Make again what somebody has changed or deleted by hand. */
  readonly revertDrift: boolean;
}

/**
 * Reads the command line.
 * @returns `'help'` when that is all that is asked for.
 * @throws StartError that says what is wrong with it.
 */
export function readArguments(argv: readonly string[]): StartArguments | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  return {
    subject: subjectOf(values.definition, values.data ?? []),
    exit: values.exit ?? false,
    fresh: values.fresh ?? false,
    replay: !(values['no-replay'] ?? false),
    revertDrift: values['revert-drift'] ?? false,
    port: wholeNumber('--port', values.port ?? '0', 65_535),
    speed: speedOf(values.speed),
    stage: values.stage,
    stateDirectory: values.state ?? '.tidemark',
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node's own messages are good but long; the first sentence is what matters.
    const [sentence] = String(error instanceof Error ? error.message : error).split(/\.\s/);
    throw new StartError(`${sentence?.replace(/\.$/, '')}. Run "npm start -- --help" to see the flags.`);
  }
}

function subjectOf(definition: string | undefined, data: readonly string[]): StartSubject {
  if (definition !== undefined && data.length > 0) return { kind: 'own', definition, data };
  if (definition === undefined && data.length === 0) return { kind: 'example' };
  throw new StartError(
    definition === undefined
      ? 'Data of your own needs a definition: add --definition <file.yaml>.'
      : 'A definition of your own needs data: add --data <file>, several times for several files.',
  );
}

function wholeNumber(flag: string, value: string, maximum: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= maximum) return number;
  throw new StartError(`${flag} must be a whole number from 0 to ${maximum}, not "${value}".`);
}

function speedOf(value: string | undefined): number {
  if (value === undefined) return defaultSpeed;
  const speed = Number(value);
  if (value.trim() !== '' && speed >= 1 && speed <= maximumSpeed) return speed;
  throw new StartError(`--speed must be a number from 1 to ${maximumSpeed}, not "${value}".`);
}
