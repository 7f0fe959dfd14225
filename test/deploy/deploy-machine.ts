import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { Machine } from '../support/machine.ts';
import { region } from '../support/services.ts';
import { clock, eventBus, type HostingRegion } from './hosting-region.ts';

/** The deploy machine with its real handlers; every other call goes over HTTP to the region. */
export async function loadDeployMachine({
  services,
  hostingEndpoint,
  roles,
  directory,
}: HostingRegion): Promise<Machine> {
  const { endpoint, roles: rolesOfServices } = services;
  const atServices = integrations(new Sdk({ roles: rolesOfServices, region, endpoint: () => endpoint }));
  const atHosting = integrations(new Sdk({ roles, region, endpoint: () => hostingEndpoint }));
  return new Machine({
    name: 'deploy',
    eventBus,
    clock,
    directory,
    permissions: services.rolesOf('Deploy'),
    integrationFor: (resource) => (resource.service === 'events' ? atServices : atHosting)(resource),
    handlers: {
      StartDeployment: (await import('../../functions/deploy/start-deployment.lambda.ts')).handler,
      GiveUp: (await import('../../functions/deploy/give-up.lambda.ts')).handler,
      CheckEndpoint: (await import('../../functions/deploy/check-endpoint.lambda.ts')).handler,
      ProveEndpoint: (await import('../../functions/deploy/prove-endpoint.lambda.ts')).handler,
      PromoteVersion: (await import('../../functions/deploy/promote-version.lambda.ts')).handler,
      PlanRollback: (await import('../../functions/deploy/plan-rollback.lambda.ts')).handler,
      RecordRemoval: (await import('../../functions/deploy/record-removal.lambda.ts')).handler,
      RecordRollback: (await import('../../functions/deploy/record-rollback.lambda.ts')).handler,
    },
  });
}
