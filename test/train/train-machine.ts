import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { Machine } from '../support/machine.ts';
import { region } from '../support/services.ts';
import { clock, eventBus, type TrainRegion } from './train-region.ts';

/** The train machine with its real handlers; every other call goes over HTTP to the region. */
export async function loadTrainMachine({
  services,
  jobsEndpoint,
  roles,
  directory,
}: TrainRegion): Promise<Machine> {
  const { endpoint, roles: rolesOfServices } = services;
  const atServices = integrations(new Sdk({ roles: rolesOfServices, region, endpoint: () => endpoint }));
  const atJobs = integrations(new Sdk({ roles, region, endpoint: () => jobsEndpoint }));
  return new Machine({
    name: 'train',
    eventBus,
    clock,
    directory,
    permissions: services.rolesOf('Train'),
    integrationFor: (resource) => (resource.service === 'events' ? atServices : atJobs)(resource),
    handlers: {
      StartRun: (await import('../../functions/train/start-run.lambda.ts')).handler,
      Prepare: (await import('../../functions/train/prepare.lambda.ts')).handler,
      KeepModel: (await import('../../functions/train/keep-model.lambda.ts')).handler,
      Evaluate: (await import('../../functions/train/evaluate.lambda.ts')).handler,
      Register: (await import('../../functions/train/register.lambda.ts')).handler,
      RecordFailure: (await import('../../functions/train/record-failure.lambda.ts')).handler,
    },
  });
}
