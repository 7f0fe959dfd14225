import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type AwsEvent, LocalRegion, type LocalRegionOptions, Usage } from '@tidemark/region';
import { layerModules } from '../../laptop/layer-modules.ts';
import { type Clock, wallClock } from '../../packages/region/clock.ts';
import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { actAsDeveloper } from './acting-as.ts';
import { installedAssembly } from './installed-assembly.ts';
import { type CapabilityRoles, type Handler, Machine } from './machine.ts';
import { region as regionName, type Services } from './services.ts';

export interface InstalledRegionOptions extends Pick<LocalRegionOptions, 'images' | 'startupSeconds'> {
  /** Divides waits and intervals of the services. */
  readonly speed: number;
  /** Refusals that AWS gives as well, and that are meant. Any other fails the tests. */
  readonly meantDenials?: RegExp;
  /** What handlers find otherwise than the templates say. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The whole installation in a local region, for workflow tests: every role, store, queue, function and machine is that of the synthesised app,
 * with its policies deciding. Its rules and schedules are disabled: tests run machines themselves.
 */
export interface InstalledRegion extends Services {
  readonly region: LocalRegion;
  /** @param capability as its construct is called: `Deploy` */
  rolesOf(capability: string): CapabilityRoles;
  /** For files of the test. */
  readonly directory: string;
  /**
   * A machine with its real handlers, as it is deployed.
   * @param capability as its construct is called: `Deploy`
   */
  machine(capability: string, clock?: Clock): Promise<Machine>;
}

/** Of the first region of this process. Handlers keep the clients that they were loaded with, so the next one takes its place. */
let port = 0;

export async function startInstalledRegion({
  speed,
  environment = {},
  meantDenials,
  ...options
}: InstalledRegionOptions): Promise<InstalledRegion> {
  const directory = await mkdtemp(join(tmpdir(), 'installed-'));
  const published = new Map<string, AwsEvent[]>();
  const defects: string[] = [];
  const usage = new Usage();
  const region = await LocalRegion.start({
    assemblyDirectory: await installedAssembly(),
    stateDirectory: join(directory, 'state'),
    layerModules,
    port,
    speed,
    ...options,
    runFunction: async ({ configuration: { name } }) => {
      throw new Error(`Machines of tests run functions themselves, and something else has invoked ${name}.`);
    },
    onPublished(bus, event) {
      const before = published.get(bus);
      if (before) before.push(event);
      else published.set(bus, [event]);
    },
    onEvent(event) {
      if (event.kind === 'fault') defects.push(`${event.what}: ${String(event.fault)}`);
      if (event.kind === 'access-denied' && !meantDenials?.test(event.message))
        defects.push(`The templates allow too little: ${event.message} Nearest: ${event.nearest}`);
    },
    onDecision: usage.record,
  });
  const { endpoint, sdkConfig, credentials: roles } = region;
  port = Number(new URL(endpoint).port);
  actAsDeveloper(sdkConfig.credentials.accessKeyId);
  const byPath = new Map(region.resources.map((resource) => [shortPath(resource.path), resource]));
  const find = (path: string) => {
    const found = byPath.get(path);
    if (!found) throw new Error(`The app has no ${path}.`);
    return found;
  };
  const functions = region.resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  await giveEnvironment(
    region,
    functions.map(({ physicalId }) => physicalId),
    environment,
  );
  const rolesOf = (capability: string) => ({
    roles,
    roleOf(construct: string) {
      const path = `${capability}/${construct}`;
      return String((byPath.get(`${path}/Role`) ?? find(path)).attributes.Arn);
    },
  });
  return {
    region,
    directory,
    endpoint,
    sdkConfig,
    roles,
    rolesOf,
    async eventsOn(bus) {
      await region.idle();
      return published.get(bus) ?? [];
    },
    async machine(capability, clock = wallClock({ speed })) {
      const { physicalId } = find(`${capability}/Workflow`);
      const client = new SFNClient(sdkConfig);
      const { definition = '' } = await client.send(
        new DescribeStateMachineCommand({ stateMachineArn: physicalId }),
      );
      client.destroy();
      return new Machine({
        name: physicalId.slice(physicalId.lastIndexOf(':') + 1),
        arn: physicalId,
        definition,
        clock,
        directory: join(directory, capability),
        permissions: rolesOf(capability),
        integrationFor: integrations(new Sdk({ roles, region: regionName, endpoint: () => endpoint })),
        ...functionsOf(capability, functions),
      });
    },
    async stop() {
      await region.stop();
      await note(usage);
      await rm(directory, { recursive: true, force: true });
      if (defects.length > 0) throw new Error(`The region had defects:\n${[...new Set(defects)].join('\n')}`);
    },
  };
}

/** `Deploy/RecordRollback` of `<stack>/Deploy/RecordRollback/Function/Resource`. */
function shortPath(path = ''): string {
  return path.replace(/^[^/]+\//, '').replace(/(\/Function|\/Machine)?\/Resource$/, '');
}

/** The functions of a capability: how tests call them, and their handlers, loaded when they are first called. */
function functionsOf(
  capability: string,
  functions: LocalRegion['resources'],
): { nameOf(arn: string): string; handlerOf(name: string): Promise<Handler> } {
  const handlers = new Map<string, Promise<Handler>>();
  const load = async (name: string): Promise<Handler> => {
    const file = resolve('functions', kebab(capability), `${kebab(name)}.lambda.ts`);
    return (await import(/* @vite-ignore */ file)).handler;
  };
  return {
    nameOf(arn) {
      const called = functions.find(({ attributes }) => `${arn}:`.startsWith(`${attributes.Arn}:`));
      const [of, name] = shortPath(called?.path).split('/');
      if (of !== capability || name === undefined) throw new Error(`${capability} calls a function ${arn}.`);
      return name;
    },
    handlerOf(name) {
      const handler = handlers.get(name) ?? load(name);
      handlers.set(name, handler);
      return handler;
    },
  };
}

/** Handlers read their environment when they are loaded, as Lambda gives it; the templates give a variable the same value everywhere. */
async function giveEnvironment(
  { endpoint, sdkConfig }: LocalRegion,
  functions: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const client = new LambdaClient(sdkConfig);
  const given = await Promise.all(
    functions.map(async (FunctionName) => {
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      return Environment?.Variables ?? {};
    }),
  );
  client.destroy();
  Object.assign(process.env, ...given, {
    CODE_VERSION: 'test',
    AWS_REGION: regionName,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    // The SDK's own retries would slow down what the machine retries anyway.
    AWS_MAX_ATTEMPTS: '1',
    ...environment,
  });
}

/** For `bench/unneeded-permissions.ts`, which puts together what all workflow tests have asked for. */
async function note(usage: Usage): Promise<void> {
  const directory = process.env.TIDEMARK_PERMISSION_USES;
  if (directory) await writeFile(join(directory, `${randomUUID()}.json`), JSON.stringify(usage.questions));
}

const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
