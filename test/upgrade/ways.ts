import type { Failure, Place } from './halted-executions.ts';
import type { ModelUser, Settings } from './model-user.ts';

/** What a model has before its way begins: nothing, a definition, a live version, or captures and labels of one too. */
export type Base = 'nothing' | 'definition' | 'live' | 'captured';

/** How users bring executions to places. A model is halted at one of them, so each place has a model of its own. */
export interface Way {
  /** Part of its models’ names. */
  readonly name: string;
  readonly base: Base;
  readonly places: readonly Place[];
  readonly settings?: Settings;
  /** Calls that fail on the way. */
  readonly failures?: readonly Failure[];
  /** Where another execution of each model is halted, in the way of this one. */
  readonly blocks?: readonly Place[];
  /** After the update the user stops the execution that was halted. */
  readonly stopped?: true;
  /** Failures that the user is told of, by their events. */
  readonly tells?: readonly string[];
  /** Executions that fail, by their machines. */
  readonly fails?: readonly string[];
  act(user: ModelUser, untilHalted: (place: Place) => Promise<void>): Promise<void>;
  /** What the user does after the update, so that the model can be used as any other. */
  afterwards?(user: ModelUser): Promise<void>;
}

const states = (machine: string, ...names: readonly string[]): Place[] =>
  names.map((name) => `${machine}.${name}`);
const once = (place: Place, error: string, cause: string): Failure => ({ place, error, cause, times: 1 });
/** No retry policy repeats a defect. */
const defect = (place: Place): Failure => once(place, 'InvariantError', 'The test says so.');

const noQuota = 'SageMaker.ResourceLimitExceededException';
/** As many attempts as the retry policy has before the state's Catch looks at the text. */
const tooMany = (place: Place): Failure => ({
  place,
  error: 'SageMaker.AmazonSageMakerException',
  cause: 'Rate exceeded',
  times: 3,
});

const onboarding: readonly Way[] = [
  {
    name: 'defined',
    base: 'nothing',
    places: states(
      'onboard',
      'OnboardDefinition',
      'PutEvents',
      'PlanMonitoring',
      'PutAlarm',
      'CreateSchedule',
    ),
    act: (user) => user.define(),
  },
  {
    name: 'redefined',
    base: 'definition',
    places: states('onboard', 'UpdateSchedule'),
    act: (user) => user.define({ rounds: 5 }),
  },
  {
    name: 'undefinable',
    base: 'nothing',
    places: states('onboard', 'ReportFailure'),
    failures: [defect('onboard.OnboardDefinition')],
    tells: ['definition.rejected'],
    fails: ['onboard'],
    act: (user) => user.define(),
    afterwards: (user) => user.define(),
  },
  {
    name: 'unwatched',
    base: 'definition',
    places: states('onboard', 'DeleteAlarm', 'DeleteSchedule'),
    act: (user) => user.define({ lifecycle: 'retired' }),
    afterwards: (user) => user.define(),
  },
];

const ingestion: readonly Way[] = [
  {
    name: 'early',
    base: 'nothing',
    places: states('ingest', 'AnnounceWaitingFile'),
    act: (user) => user.drop(0),
    afterwards: (user) => user.define(),
  },
  {
    name: 'collected',
    base: 'nothing',
    places: states('ingest', 'CollectFiles'),
    async act(user) {
      await user.drop(0);
      await user.untilTold('data.waiting');
      await user.define();
    },
  },
  {
    name: 'takenover',
    base: 'definition',
    places: states('ingest', 'WaitToTakeOver'),
    // Each of its attempts fails, and the execution that its end starts continues its batch.
    failures: [{ ...once('ingest.JudgeBatch', 'Sandbox.Timedout', 'The test says so.'), times: 6 }],
    fails: ['ingest'],
    act: (user) => user.drop(0),
  },
  {
    name: 'bad',
    base: 'definition',
    places: states('ingest', 'QuarantineFiles', 'AnnounceRejection'),
    tells: ['data.rejected'],
    act: (user) => user.dropBadFile(),
  },
];

const training: readonly Way[] = [
  {
    name: 'first',
    base: 'definition',
    places: [
      ...states('ingest', 'ClaimArrival', 'WaitForQuiet', 'CloseBatch', 'ValidateFiles', 'JudgeBatch'),
      ...states('ingest', 'CommitDataset', 'AnnounceDataset'),
      ...states('train', 'StartRun', 'AnnounceStart', 'Prepare', 'TrainModel', 'TrainModel submitted'),
      ...states('train', 'KeepModel', 'CreateModel', 'CreateServedModel', 'ScoreChallenger'),
      ...states('train', 'ScoreChallenger submitted', 'Evaluate', 'Register', 'AnnounceVersion'),
      ...states('deploy', 'StartDeployment', 'CreateEndpointConfig', 'CheckEndpoint', 'CreateEndpoint'),
      ...states('deploy', 'WaitForEndpoint', 'ProveEndpoint', 'PromoteVersion', 'PublishOutcome'),
    ],
    act: (user) => user.drop(0),
  },
  {
    name: 'second',
    base: 'live',
    places: [...states('train', 'ScoreChampion', 'ScoreChampion submitted'), 'deploy.UpdateEndpoint'],
    act: (user) => user.drop(1),
  },
  {
    name: 'quota',
    base: 'definition',
    places: states('train', 'WaitForQuota', 'WaitForChallengerQuota'),
    failures: ['TrainModel', 'ScoreChallenger'].map((name) =>
      once(`train.${name}`, noQuota, 'The limit is 1.'),
    ),
    act: (user) => user.drop(0),
  },
  {
    name: 'rate',
    base: 'definition',
    places: states('train', 'WaitForRate', 'WaitForChallengerRate'),
    failures: ['TrainModel', 'ScoreChallenger'].map((name) => tooMany(`train.${name}`)),
    act: (user) => user.drop(0),
  },
  {
    name: 'championquota',
    base: 'live',
    places: states('train', 'WaitForChampionQuota'),
    failures: [once('train.ScoreChampion', noQuota, 'The limit is 1.')],
    act: (user) => user.drop(1),
  },
  {
    name: 'championrate',
    base: 'live',
    places: states('train', 'WaitForChampionRate'),
    failures: [tooMany('train.ScoreChampion')],
    act: (user) => user.drop(1),
  },
  {
    name: 'untrainable',
    base: 'definition',
    places: states('train', 'RecordFailure', 'AnnounceFailure'),
    failures: [defect('train.Prepare')],
    tells: ['training.failed'],
    fails: ['train'],
    act: (user) => user.drop(0),
  },
  {
    name: 'busy',
    base: 'definition',
    places: states('train', 'WaitForModel'),
    blocks: ['train.TrainModel'],
    async act(user, untilHalted) {
      await user.drop(0);
      await untilHalted('train.TrainModel');
      await user.drop(1);
    },
  },
  {
    name: 'retired',
    base: 'definition',
    places: states('train', 'AnnounceSkip'),
    blocks: ['train.TrainModel'],
    tells: ['training.failed'],
    async act(user, untilHalted) {
      await user.drop(0);
      await untilHalted('train.TrainModel');
      await user.drop(1);
      await user.untilTold('dataset.committed', 2);
      await user.define({ lifecycle: 'retired' });
    },
    afterwards: (user) => user.define(),
  },
];

const deployment: readonly Way[] = [
  {
    name: 'guarded',
    base: 'live',
    settings: { deployment: 'instance' },
    places: states('deploy', 'PutAlarm', 'DeleteAlarm'),
    act: (user) => user.drop(1),
  },
  {
    name: 'unproven',
    base: 'live',
    places: states('deploy', 'PlanRollback', 'RecordRollback'),
    failures: [defect('deploy.ProveEndpoint')],
    tells: ['deployment.rolled-back'],
    fails: ['deploy'],
    act: (user) => user.drop(1),
  },
  {
    name: 'unconfigured',
    base: 'definition',
    places: states('deploy', 'FindEndpointConfig', 'WaitForRate'),
    failures: [once('deploy.CreateEndpointConfig', 'SageMaker.AmazonSageMakerException', 'Rate exceeded')],
    act: (user) => user.drop(0),
  },
  {
    name: 'ungiven',
    base: 'definition',
    places: states('deploy', 'GiveUp'),
    failures: [defect('deploy.StartDeployment')],
    fails: ['deploy'],
    act: (user) => user.drop(0),
  },
  {
    name: 'waiting',
    base: 'live',
    places: states('deploy', 'WaitForModel'),
    blocks: ['train.TrainModel'],
    async act(user, untilHalted) {
      await user.drop(1);
      await untilHalted('train.TrainModel');
      await user.start('Deploy', { model: user.model, version: 1 });
    },
  },
  {
    name: 'removed',
    base: 'live',
    places: states('deploy', 'DeleteEndpoint', 'RecordRemoval'),
    act: (user) => user.define({ lifecycle: 'retired' }),
    afterwards: (user) => user.define(),
  },
];

const watching: readonly Way[] = [
  {
    name: 'labelled',
    base: 'captured',
    places: states('labels', 'CheckLabels', 'AnnounceLabels'),
    act: (user) => user.label('other'),
  },
  {
    name: 'window',
    base: 'captured',
    places: [
      ...states('monitor', 'StartWindow', 'PlanWindow', 'ProfileSlice', 'FindRepeats', 'JoinLabels'),
      ...states('monitor', 'MergeWindow', 'JudgeWindow', 'PutMetrics', 'AnnounceWindow'),
    ],
    act: async (user) => void (await user.start('Monitor')),
  },
  {
    name: 'unlooked',
    base: 'captured',
    places: states('monitor', 'AnnounceSkip'),
    blocks: ['monitor.PlanWindow'],
    async act(user, untilHalted) {
      await user.start('Monitor');
      await untilHalted('monitor.PlanWindow');
      await user.start('Monitor');
    },
  },
  {
    name: 'unjudged',
    base: 'captured',
    places: states('monitor', 'RecordFailure', 'AnnounceFailure'),
    failures: [defect('monitor.MergeWindow')],
    tells: ['monitoring.failed'],
    fails: ['monitor'],
    act: async (user) => void (await user.start('Monitor')),
  },
];

const retraining: readonly Way[] = [
  {
    name: 'retrained',
    base: 'captured',
    places: states(
      'retrain',
      'Decide',
      'ExportRows',
      'AnnounceStart',
      'DropRows',
      'Follow',
      'WaitForTraining',
    ),
    act: async (user) => void (await user.start('Retrain')),
  },
  {
    name: 'suppressed',
    base: 'live',
    places: states('retrain', 'AnnounceSuppression'),
    tells: ['retraining.suppressed'],
    act: async (user) => void (await user.start('Retrain')),
  },
  {
    name: 'held',
    base: 'live',
    places: states('retrain', 'WaitForModel'),
    blocks: ['train.TrainModel'],
    // When the model is free again, it has been trained with all that there is.
    tells: ['retraining.suppressed'],
    async act(user, untilHalted) {
      await user.drop(1);
      await untilHalted('train.TrainModel');
      await user.start('Retrain');
    },
  },
  {
    name: 'unexportable',
    base: 'captured',
    places: states('retrain', 'RecordFailure', 'AnnounceFailure'),
    failures: [defect('retrain.ExportRows')],
    tells: ['retraining.suppressed'],
    fails: ['retrain'],
    act: async (user) => void (await user.start('Retrain')),
  },
  {
    name: 'abandoned',
    base: 'captured',
    places: states('retrain', 'AnnounceEnd'),
    blocks: ['ingest.ClaimArrival'],
    tells: ['retraining.abandoned'],
    async act(user, untilHalted) {
      await user.start('Retrain');
      await untilHalted('ingest.ClaimArrival');
      await user.define({ lifecycle: 'retired' });
    },
    afterwards: (user) => user.define(),
  },
];

/** Executions of the last release that are stopped after the update: how they ended is told to machines of the next one. */
const stopping: readonly Way[] = [
  {
    name: 'stoppedtraining',
    base: 'definition',
    places: states('train', 'TrainModel submitted'),
    stopped: true,
    tells: ['training.failed'],
    act: (user) => user.drop(0),
  },
  {
    name: 'stoppeddeployment',
    base: 'live',
    places: states('deploy', 'ProveEndpoint'),
    stopped: true,
    tells: ['deployment.rolled-back'],
    // The execution that brings the former version back says that the deployment has failed.
    fails: ['deploy'],
    act: (user) => user.drop(1),
  },
  {
    name: 'stoppedwindow',
    base: 'captured',
    places: states('monitor', 'JudgeWindow'),
    stopped: true,
    tells: ['monitoring.failed'],
    act: async (user) => void (await user.start('Monitor')),
  },
  {
    name: 'stoppedretraining',
    base: 'captured',
    places: states('retrain', 'DropRows'),
    stopped: true,
    tells: ['retraining.abandoned'],
    act: async (user) => void (await user.start('Retrain')),
  },
];

export const ways: readonly Way[] = [
  ...onboarding,
  ...ingestion,
  ...training,
  ...deployment,
  ...watching,
  ...retraining,
  ...stopping,
];

/** Why an execution is not halted at a place. There are no other reasons. */
export const reasons = {
  tooLarge:
    'it takes more data than a test of minutes can make: 64 MB of captures in a window, or hundreds of models',
} as const;

/** Places at which no execution is halted. */
export const unhalted: Readonly<Record<Place, keyof typeof reasons>> = {
  'monitor.ProfileOneSlice': 'tooLarge',
  'onboard.GoOnWithMore': 'tooLarge',
};
