import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { StoreFormatError, storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { LocalRegion } from '@tidemark/region';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { withoutWorkflows } from '../support/destroyed-workflows.ts';
import { makeSmallModel, type SmallModel, startOf } from '../support/small-model.ts';
import { provideAssembly } from '../support/start-process.ts';
import { endWithFirstFailure } from '../support/story.ts';
import { atRest, unsuccessful } from './ends.ts';
import { unpackRelease } from './kept-release.ts';
import { ModelUser } from './model-user.ts';
import { ofFormat } from './next-release.ts';

const olderFormat = storeFormat - 1;

let small: SmallModel;
let region: LocalRegion | undefined;
/** A release that stores an older format. */
let older: string;

const path = (name: string) => join(small.directory, name);
const deploy = async (assemblyDirectory: string): Promise<LocalRegion> => {
  await region?.stop();
  region = undefined;
  const stateDirectory = path('state/region');
  region = await LocalRegion.start({ assemblyDirectory, stateDirectory, layerModules, speed: 200 });
  return region;
};
const documents = ({ sdkConfig }: LocalRegion) => DynamoDBDocumentClient.from(new DynamoDBClient(sdkConfig));
const itemsOf = async (started: LocalRegion) =>
  (await documents(started).send(new ScanCommand({ TableName: started.outputs.RegistryTableName }))).Items;

beforeAll(async () => {
  small = makeSmallModel();
  older = ofFormat(unpackRelease(path('release')), path('older'), olderFormat);
  mkdirSync(path('state'));
  const started = await deploy(older);
  const user = new ModelUser(started, 'case-format-1');
  await user.define();
  await user.untilOnboarded();
  await atRest(started);
  const Item = { ...keys.storeFormat, format: olderFormat };
  await documents(started).send(new PutCommand({ TableName: started.outputs.RegistryTableName, Item }));
});
afterAll(async () => {
  await region?.stop();
  rmSync(small.directory, { recursive: true });
});

endWithFirstFailure();

it('CloudFormation refuses to deploy over a store of an older format, and the former release runs as before', async () => {
  await expect(deploy(await synthesisedAssembly())).rejects.toThrow(
    `Cannot delete export tidemark-dev-registry-of-format-${olderFormat} as it is in use by tidemark-dev-workflows`,
  );

  const started = await deploy(older);
  expect(await itemsOf(started)).toContainEqual({ ...keys.storeFormat, format: olderFormat });
});

it('npm start over a store of an older format ends with a sentence that says why and what to do', async () => {
  await region?.stop();
  region = undefined;
  const copy = path('laptop');
  cpSync(path('state'), copy, { recursive: true });
  await provideAssembly(copy);

  const { exitCode, stderr } = await startOf(small, copy).over;

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    new RegExp(
      `^What earlier starts left [^\\n]* number ${storeFormat}[^\\n]* --fresh [^\\n]* --state\\.\\n$`,
    ),
  );
});

it('functions refuse a store of an older format that is deployed over without its workflows, and change nothing', async () => {
  await deploy(withoutWorkflows(older, path('store-only')));
  const started = await deploy(await synthesisedAssembly());
  const before = await itemsOf(started);
  const user = new ModelUser(started, 'case-format-2');

  await user.define();

  await expect.poll(() => unsuccessful(started)).toEqual(['case-format-2 onboard FAILED']);
  expect(await itemsOf(started)).toEqual(before);
  await expect(user.predict('early', 1)).rejects.toThrow(
    new RegExp(`${StoreFormatError.name}.*has format ${olderFormat}.*Deploy the former release again`),
  );
});
