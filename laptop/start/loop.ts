import { basename, join } from 'node:path';
import { predictFunctionName } from '@tidemark/domain/names.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { LocalRegion } from '@tidemark/region';
import { writeStateFile } from '@tidemark/region/host';
import { type Evaluation, evaluationSchema } from '../../functions/train/evaluation.schema.ts';
import { Progress } from '../progress/progress.ts';
import type { Screen } from '../progress/screen.ts';
import { prepareDropFolder, watchDropFolder } from './drop-folder.ts';
import { type FinalEvent, finalEvents, isSuccess, outcomeSince } from './drop-outcome.ts';
import { domainEventsOf } from './heard-events.ts';
import { invitationLines } from './invitation-lines.ts';
import { requestFor } from './prediction.client.ts';
import { type RegionClients, regionClients } from './region-clients.ts';
import { functionLabels } from './region-map.ts';
import { RegionWatch } from './region-watch.ts';
import { closingLines } from './replay/closing-lines.ts';
import { isConclusive } from './replay/loop-conclusion.ts';
import { Replay } from './replay/replay.ts';
import { blank, field } from './report-lines.ts';
import { ResultFiles } from './result-files.client.ts';
import { Results } from './results.ts';
import { StartError } from './start-error.ts';
import type { PreparedSubject } from './subject.ts';
import { type ReplayResult, writeSummary } from './summary.ts';
import type { Dropped } from './uploads.client.ts';

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

/** What a window comes to is told by its event. */
const quietCapabilities = new Set(['monitor']);

/** What came of the files. */
interface Outcome {
  /** The events that ended something, in their order; by the registry, whichever start saw them. */
  readonly events: readonly FinalEvent[];
  /** Whether any of it happened during this start. */
  readonly isNews: boolean;
}

/** Drops a definition and data, follows them to a live endpoint, and stays for more. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #clients: RegionClients;
  readonly #files: ResultFiles;
  readonly #startedAt = Date.now();

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#clients = regionClients(options.region);
    this.#files = new ResultFiles(this.#clients, join(options.stateDirectory, 'results'));
  }

  /** @returns the exit code. */
  async run(subject: PreparedSubject, { exit, replay }: LoopSettings): Promise<number> {
    const { screen, signal, region } = this.#options;
    const { executions, registry } = this.#clients;
    // A store of another format is refused before anything is dropped.
    await registry.model(subject.model);
    const progress = new Progress({
      screen,
      functionLabel: functionLabels(region.resources),
      since: this.#startedAt,
      quiet: quietCapabilities,
    });
    const { model } = subject;
    const takeHeard = () => domainEventsOf(region.takePutEvents());
    const watch = new RegionWatch({ executions, registry, progress, screen, model, takeHeard });
    await watch.begin();
    const outcome = await this.#feed(subject, watch);
    signal.throwIfAborted();
    const isLive = await this.#conclude(model, outcome);
    const replayed = isLive && replay ? await this.#replay(subject, watch) : undefined;
    const success = isLive && (replayed === undefined || isConclusive(replayed.conclusion));
    await this.#writeSummary(subject, success, outcome.events.at(-1), watch, replayed);
    await this.#files.update();
    if (exit) return success ? 0 : 1;
    await this.#stay(subject, watch);
    return 0;
  }

  /**
   * Drops the definition, then the data, unless they are there, and waits until everything has come of them that will. What an
   * earlier start has dropped or begun is waited for as if this one had.
   */
  async #feed(subject: PreparedSubject, watch: RegionWatch): Promise<Outcome> {
    const { model, dataFiles } = subject;
    const { signal } = this.#options;
    const definition = await this.#define(subject, watch);
    if ('rejected' in definition) return { events: [definition.rejected], isNews: definition.dropped.isNew };
    const dropped = [definition.dropped];
    for (const file of dataFiles) dropped.push(await this.#drop(`incoming/${model}/${basename(file)}`, file));
    const since = Math.max(...dropped.map(({ at }) => at));
    const isExpected = dropped.some(({ isNew }) => isNew) || (await this.#outcome(model, since)).length === 0;
    const news = await watch.untilAtRest(signal, isExpected);
    const ofModel = news.filter(({ detail }) => detail.model === model);
    const known = await this.#outcome(model, since);
    // While the last files were on their way, something may have come of the first ones.
    const seen = new Set(known.map(({ detail }) => detail.eventId));
    const events = [...ofModel.filter(({ detail }) => !seen.has(detail.eventId)), ...known];
    return { events, isNews: ofModel.length > 0 };
  }

  async #outcome(model: string, since: number): Promise<FinalEvent[]> {
    return outcomeSince(await this.#clients.registry.events(model), since);
  }

  /** Drops the definition and waits until it is in the registry, or refused. */
  async #define(
    { model, definitionFile }: PreparedSubject,
    watch: RegionWatch,
  ): Promise<{ dropped: Dropped } | { dropped: Dropped; rejected: FinalEvent }> {
    const { signal } = this.#options;
    const key = `definitions/${model}.yaml`;
    let dropped = await this.#drop(key, definitionFile);
    let answer = await watch.untilFound(() => this.#answerTo(model, dropped), signal);
    signal.throwIfAborted();
    if (answer === undefined && !dropped.isNew) {
      // An earlier start dropped it, and its onboarding has failed: only a new drop is onboarded again.
      dropped = await this.#drop(key, definitionFile, { again: true });
      answer = await watch.untilFound(() => this.#answerTo(model, dropped), signal);
      signal.throwIfAborted();
    }
    if (answer === undefined)
      throw new StartError(
        `The definition of ${model} was not taken up: see the onboard workflow above. The next start tries again.`,
      );
    return answer === 'onboarded' ? { dropped } : { dropped, rejected: answer };
  }

  /** What the registry says of this very version of the definition; nothing as long as it says nothing. */
  async #answerTo(model: string, { versionId }: Dropped): Promise<FinalEvent | 'onboarded' | undefined> {
    const { registry } = this.#clients;
    if ((await registry.model(model))?.definitionObject.versionId === versionId) return 'onboarded';
    return finalEvents(await registry.events(model)).find(
      (event) => event.type === 'definition.rejected' && event.detail.versionId === versionId,
    );
  }

  async #drop(key: string, file: string, options: { again?: boolean } = {}): Promise<Dropped> {
    const dropped = await this.#clients.uploads.put(key, file, options);
    this.#options.screen.print([
      { text: '  ↓ ', style: 'accent' },
      { text: key },
      {
        text: dropped.isNew ? '  dropped into the data bucket' : '  is in the data bucket already',
        style: 'dim',
      },
    ]);
    return dropped;
  }

  /** Says what came of it. @returns whether it was what one hopes for. */
  async #conclude(model: string, outcome: Outcome): Promise<boolean> {
    const { screen, region, shownStateDirectory } = this.#options;
    const files = await this.#files.update();
    const results = new Results({ ...this.#clients, screen, stage: stageOf(region) });
    await results.print(model, outcome);
    if (files.has(model))
      screen.print(
        field('Files', `${join(shownStateDirectory, 'results', model)}: reports and artifacts`),
        blank,
      );
    return isSuccess(await this.#clients.registry.model(model), outcome.events);
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
    const newest = (await this.#clients.registry.versions(model)).at(-1);
    return newest && newest.comparedWith !== null ? await this.#evaluation(newest) : undefined;
  }

  async #evaluation({ evaluation }: VersionRecord): Promise<Evaluation> {
    return evaluationSchema.parse(JSON.parse(await this.#clients.objects.readText(evaluation)));
  }

  async #writeSummary(
    { model }: PreparedSubject,
    success: boolean,
    outcome: FinalEvent | undefined,
    watch: RegionWatch,
    replayed: ReplayResult | undefined,
  ): Promise<void> {
    const { registry } = this.#clients;
    const versions = await registry.versions(model);
    writeSummary(join(this.#options.stateDirectory, 'summary.json'), {
      model,
      success,
      outcome,
      record: await registry.model(model),
      versions,
      evaluations: new Map(
        await Promise.all(
          versions.map(async (version) => [version.version, await this.#evaluation(version)] as const),
        ),
      ),
      executions: watch.executions.filter(({ startedAt }) => startedAt >= this.#startedAt),
      replayed,
    });
  }

  /** Leaves a request that can be sent as it stands beside the model's results. @returns where, as the person would write it */
  async #writeRequest(model: string): Promise<string | undefined> {
    const { registry, objects } = this.#clients;
    const { stateDirectory, shownStateDirectory } = this.#options;
    const live = (await registry.model(model))?.liveVersion;
    const version = (await registry.versions(model)).find((each) => each.version === live);
    if (version === undefined) return undefined;
    const place = join('results', model, 'request.json');
    writeStateFile(join(stateDirectory, place), await requestFor(objects, version));
    return join(shownStateDirectory, place);
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
        requestFile: await this.#writeRequest(subject.model),
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
      const events = await watch.untilAtRest(signal);
      const models = new Set(events.map(({ detail }) => detail.model));
      for (const model of models)
        await this.#conclude(model, {
          events: events.filter(({ detail }) => detail.model === model),
          isNews: true,
        });
      await this.#files.update();
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
