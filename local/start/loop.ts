import { basename, join } from 'node:path';
import { predictFunctionName } from '../../functions/names.ts';
import { type Evaluation, evaluationSchema } from '../../functions/train/evaluation.schema.ts';
import { Progress } from '../progress/progress.ts';
import type { Screen } from '../progress/screen.ts';
import type { LocalRegion } from '../region.ts';
import { prepareDropFolder, watchDropFolder } from './drop-folder.ts';
import { invitationLines } from './invitation-lines.ts';
import { type FinalEvent, isSuccess } from './outcome.ts';
import { type RegionClients, regionClients } from './region-clients.ts';
import { functionLabels } from './region-map.ts';
import { RegionWatch } from './region-watch.ts';
import { closingLines } from './replay/closing-lines.ts';
import { isConclusive } from './replay/conclusion.ts';
import { Replay } from './replay/replay.ts';
import { Results } from './results.ts';
import type { PreparedSubject } from './subject.ts';
import { type ReplayResult, writeSummary } from './summary.ts';
import { UserError } from './user-error.ts';

interface LoopOptions {
  readonly region: LocalRegion;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly stateDirectory: string;
  /** As the person would write it. */
  readonly shownStateDirectory: string;
}

interface LoopSettings {
  /** End after the loop. */
  readonly exit: boolean;
  /** Play the subject's traffic. */
  readonly replay: boolean;
}

/** What a definition that was dropped is answered with. */
const definitionAnswers = ['model.onboarded', 'model.retired', 'model.reactivated', 'definition.rejected'];

/** What a window comes to is told by its event. */
const quietCapabilities = new Set(['monitor']);

/** Drops a definition and data, follows them to a live endpoint, and stays for more. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #clients: RegionClients;
  readonly #startedAt = Date.now();

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#clients = regionClients(options.region);
  }

  /** @returns the exit code. */
  async run(subject: PreparedSubject, { exit, replay }: LoopSettings): Promise<number> {
    const { screen, signal, region } = this.#options;
    const { executions, registry } = this.#clients;
    const progress = new Progress({
      screen,
      functionLabel: functionLabels(region.resources),
      since: this.#startedAt,
      quiet: quietCapabilities,
    });
    const { model } = subject;
    const watch = new RegionWatch({ executions, registry, progress, screen, model });
    await watch.begin();
    const outcome = await this.#feed(subject, watch);
    signal.throwIfAborted();
    const isLive = await this.#conclude(subject, outcome);
    const replayed = isLive && replay ? await this.#replay(subject, watch) : undefined;
    const success = isLive && (replayed === undefined || isConclusive(replayed.conclusion));
    await this.#writeSummary(subject, success, outcome, watch, replayed);
    if (exit) return success ? 0 : 1;
    await this.#stay(subject, watch);
    return 0;
  }

  /** Drops the definition, then the data. @returns what came of it; nothing when there was no news. */
  async #feed(
    { model, definitionFile, dataFiles }: PreparedSubject,
    watch: RegionWatch,
  ): Promise<FinalEvent | undefined> {
    const { signal } = this.#options;
    const { registry } = this.#clients;
    const isNew = await this.#drop(`definitions/${model}.yaml`, definitionFile);
    const answered = isNew
      ? await watch.until(({ type }) => definitionAnswers.includes(type), signal)
      : undefined;
    if (answered?.type === 'definition.rejected') return answered;
    signal.throwIfAborted();
    if (!(await registry.model(model))) {
      throw new UserError(`The definition of ${model} was not taken up: see the onboard workflow above.`);
    }
    let isNewsExpected = isNew;
    for (const file of dataFiles) {
      const isNewFile = await this.#drop(`incoming/${model}/${basename(file)}`, file);
      isNewsExpected ||= isNewFile;
    }
    return await watch.untilAtRest(signal, isNewsExpected);
  }

  /** @returns whether the bucket did not have the file already. */
  async #drop(key: string, file: string): Promise<boolean> {
    const result = await this.#clients.uploads.put(key, file);
    const isNew = result === 'uploaded';
    this.#options.screen.print([
      { text: '  ↓ ', style: 'accent' },
      { text: key },
      { text: isNew ? '  dropped into the data bucket' : '  is in the data bucket already', style: 'dim' },
    ]);
    return isNew;
  }

  /** Says what came of it. @returns whether it was what one hopes for. */
  async #conclude({ model }: PreparedSubject, outcome: FinalEvent | undefined): Promise<boolean> {
    const { screen, region } = this.#options;
    const results = new Results({ ...this.#clients, screen, stage: stageOf(region) });
    await results.print(outcome?.detail.model ?? model, outcome);
    return isSuccess(await this.#clients.registry.model(model), outcome);
  }

  /** Plays the subject's traffic, if it has any, and says what came of it. */
  async #replay({ model, traffic }: PreparedSubject, watch: RegionWatch): Promise<ReplayResult | undefined> {
    if (traffic.length === 0) return undefined;
    const { region, screen, signal, stateDirectory } = this.#options;
    const clients = this.#clients;
    const stage = stageOf(region);
    const replay = new Replay({
      region,
      clients,
      watch,
      screen,
      signal,
      model,
      stage,
      stateDirectory,
      traffic,
    });
    const replayed = await replay.run();
    const evaluation = await this.#newEvaluation(model);
    screen.print(
      ...closingLines({ ...replayed, evaluation, stateDirectory: this.#options.shownStateDirectory }),
    );
    return { ...replayed, evaluation };
  }

  /** What the newest version is worth, if it was compared with the one that the traffic was for. */
  async #newEvaluation(model: string): Promise<Evaluation | undefined> {
    const { registry, objects } = this.#clients;
    const newest = (await registry.versions(model)).at(-1);
    if (!newest || newest.comparedWith === null) return undefined;
    return evaluationSchema.parse(JSON.parse(await objects.readText(newest.evaluation)));
  }

  async #writeSummary(
    { model }: PreparedSubject,
    success: boolean,
    outcome: FinalEvent | undefined,
    watch: RegionWatch,
    replayed: ReplayResult | undefined,
  ): Promise<void> {
    const { registry } = this.#clients;
    writeSummary(join(this.#options.stateDirectory, 'summary.json'), {
      model,
      success,
      outcome,
      record: await registry.model(model),
      versions: await registry.versions(model),
      executions: watch.executions.filter(({ startedAt }) => startedAt >= this.#startedAt),
      replayed,
    });
  }

  /** Takes more files, and says what comes of them, until the person has had enough. */
  async #stay(subject: PreparedSubject, watch: RegionWatch): Promise<void> {
    const { screen, signal, region, stateDirectory, shownStateDirectory } = this.#options;
    const directory = join(stateDirectory, 'drop');
    prepareDropFolder(directory, subject.model);
    screen.print(
      ...invitationLines({
        dropFolder: join(shownStateDirectory, 'drop'),
        model: subject.model,
        dataBucket: this.#clients.dataBucket,
        predictFunction: predictFunctionName(stageOf(region)),
        sdkConfig: region.sdkConfig,
      }),
    );
    const dropping = watchDropFolder({
      directory,
      ledgerFile: join(stateDirectory, 'dropped.json'),
      signal,
      take: async ({ key, file }) => void (await this.#drop(key, file)),
      onIgnored: (file, why) => screen.print([{ text: `  ! ${file}: ${why}`, style: 'warn' }]),
    });
    while (!signal.aborted) {
      await watch.untilStirred(signal);
      const outcome = await watch.untilAtRest(signal);
      if (outcome) await this.#conclude(subject, outcome);
    }
    await dropping;
  }
}

/** The stage is part of every name: `tidemark-<stage>-store`. */
function stageOf({ stacks }: LocalRegion): string {
  const stage = /^tidemark-(.+)-store$/.exec(stacks[0]?.stackName ?? '')?.[1];
  if (stage === undefined) throw new Error('The first stack is not tidemark-<stage>-store.');
  return stage;
}
