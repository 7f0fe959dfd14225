import type { Failure, Place } from './halted-executions.ts';
import type { ModelUser, Settings } from './model-user.ts';

/** What a model has before its way begins: nothing, a definition, a live version, or captures and labels of one too. */
export type Base = 'nothing' | 'definition' | 'live' | 'captured';

/** How users bring executions through places. A model is halted at one of them, so there are as many models as places. */
export interface Way {
  readonly name: string;
  readonly base: Base;
  readonly settings?: Settings;
  /** Calls that fail on the way. */
  readonly failures?: readonly Failure[];
  readonly places: readonly Place[];
  /** Further places where executions of the model are halted, so that they are in the way of others. */
  readonly alsoHalts?: readonly Place[];
  act(user: ModelUser, isHalted: (place: Place) => boolean): Promise<void>;
  /** What a user does after the upgrade before the model can be used as any other. */
  afterwards?(user: ModelUser): Promise<void>;
}

const firstVersion: Way = {
  name: 'a first version',
  base: 'definition',
  places: [
    ...['ClaimArrival', 'WaitForQuiet', 'CloseBatch', 'ValidateFiles', 'JudgeBatch', 'CommitDataset'].map(
      (state) => `ingest.${state}`,
    ),
    'ingest.AnnounceDataset',
    ...['StartRun', 'AnnounceStart', 'Prepare', 'TrainModel', 'TrainModel submitted', 'KeepModel'].map(
      (state) => `train.${state}`,
    ),
    ...['CreateModel', 'CreateServedModel', 'ScoreChallenger', 'ScoreChallenger submitted'].map(
      (state) => `train.${state}`,
    ),
    ...['Evaluate', 'Register', 'AnnounceVersion'].map((state) => `train.${state}`),
    ...['StartDeployment', 'CreateEndpointConfig', 'CheckEndpoint', 'CreateEndpoint', 'WaitForEndpoint'].map(
      (state) => `deploy.${state}`,
    ),
    ...['ProveEndpoint', 'PromoteVersion', 'PublishOutcome'].map((state) => `deploy.${state}`),
  ],
  act: (user) => user.drop(0),
};

export const ways: readonly Way[] = [firstVersion];
