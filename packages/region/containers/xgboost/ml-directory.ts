import { join } from 'node:path';

/** Where a container finds and leaves things: `/opt/ml` in SageMaker. */
export interface MlDirectory {
  readonly hyperparameters: string;
  readonly inputDataConfig: string;
  readonly channel: (name: string) => string;
  readonly model: string;
  readonly failure: string;
}

/** `SAGEMAKER_BASE_DIR` moves it, as it does for SageMaker's own training and inference toolkits. */
export function mlDirectory(environment: Readonly<Record<string, string | undefined>>): MlDirectory {
  const base = environment.SAGEMAKER_BASE_DIR ?? '/opt/ml';
  return {
    hyperparameters: join(base, 'input/config/hyperparameters.json'),
    inputDataConfig: join(base, 'input/config/inputdataconfig.json'),
    channel: (name) => join(base, 'input/data', name),
    model: join(base, 'model'),
    failure: join(base, 'output/failure'),
  };
}
