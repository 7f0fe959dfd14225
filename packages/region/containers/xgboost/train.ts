import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { planTraining, trainModel, UserError, weigh, XGBoost } from '@tidemark/xgboost';
import { type ChannelConfigs, checkChannels, readChannel } from './channels.ts';
import type { MlDirectory } from './ml-directory.ts';

/** The artifact's name in SageMaker's XGBoost. */
export const MODEL_FILE = 'xgboost-model';

/** The container's `train`: the exit code. A failure is written where SageMaker looks for its reason. */
export async function train(directory: MlDirectory): Promise<number> {
  try {
    await runTraining(directory);
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UserError ? reason : error);
    await mkdir(dirname(directory.failure), { recursive: true });
    await writeFile(directory.failure, reason);
    return 1;
  }
}

async function runTraining(directory: MlDirectory): Promise<void> {
  const hyperparameters: Record<string, string> = await readJson(directory.hyperparameters);
  const channels: ChannelConfigs = await readJson(directory.inputDataConfig);
  const asked = planTraining(hyperparameters);
  checkChannels(channels);
  const { plan, data } = weigh(asked, {
    train: await readChannel('train', directory.channel('train')),
    validation: channels.validation && (await readChannel('validation', directory.channel('validation'))),
  });
  console.log(`Train matrix has ${data.train.rows} rows and ${data.train.columns} columns`);
  if (data.validation) console.log(`Validation matrix has ${data.validation.rows} rows`);
  const model = trainModel(await XGBoost.load(), plan, data, console.log);
  await mkdir(directory.model, { recursive: true });
  await writeFile(join(directory.model, MODEL_FILE), model);
}

/** The region writes these files; their shapes are its contract. */
async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8'));
}
