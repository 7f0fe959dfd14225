import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalRegion, type RegionEvent } from '@tidemark/region';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { type Mutation, mutatedAssembly } from '../support/mutated-assembly.ts';

let assembly: string;
let directory: string;
let region: LocalRegion | undefined;
let told: RegionEvent[];

beforeAll(async () => {
  assembly = await synthesisedAssembly();
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'withheld-'));
  told = [];
});
afterEach(async () => {
  await region?.stop();
  region = undefined;
  rmSync(directory, { recursive: true });
});

/** The whole product, but for one permission. */
async function startWithout(mutation: Mutation): Promise<LocalRegion> {
  region = await LocalRegion.start({
    assemblyDirectory: mutatedAssembly(assembly, join(directory, 'assembly'), mutation),
    stateDirectory: join(directory, 'region'),
    layerModules,
    speed: 200,
    onEvent: (event) => told.push(event),
  });
  return region;
}

/** A sample of what onboarding a model takes: a rule, a machine, a function, and what each of them calls. */
it.each<Mutation & { readonly near?: RegExp }>([
  { role: 'OnboardWorkflowMachineEvents', action: 'states:StartExecution' },
  { role: 'OnboardWorkflowRole', action: 'lambda:InvokeFunction' },
  { role: 'OnboardOnboardDefinitionRole', action: 's3:GetObjectVersion', near: /allows s3:GetObject/ },
  { role: 'OnboardOnboardDefinitionRole', action: 'dynamodb:PutItem', near: /dynamodb:GetItem/ },
  { role: 'OnboardWorkflowRole', action: 'scheduler:CreateSchedule', near: /scheduler:DeleteSchedule/ },
  { role: 'OnboardWorkflowRole', action: 'iam:PassRole' },
  { role: 'OnboardWorkflowRole', action: 'events:PutEvents' },
])('without $action for $role onboarding is refused, and it is said why', async ({ near, ...mutation }) => {
  const { sdkConfig, outputs } = await startWithout(mutation);

  await new S3Client(sdkConfig).send(
    new PutObjectCommand({
      Bucket: outputs.DataBucketName,
      Key: 'definitions/late.yaml',
      Body: 'name: late\nproblem: binary\ntarget: b\n',
    }),
  );

  await vi.waitFor(() => expect(told.filter(({ kind }) => kind === 'access-denied')).not.toEqual([]), 60_000);
  const denial = told.find((event) => event.kind === 'access-denied');
  expect(denial?.principal).toContain(mutation.role);
  expect(denial?.action).toBe(mutation.action);
  expect(denial?.message).toContain(`no identity-based policy allows the ${mutation.action} action`);
  if (near) expect(denial?.nearest).toMatch(near);
});

it.each<Mutation & { readonly problem: RegExp }>([
  {
    role: 'TrainWorkflowRole',
    action: 'events:PutRule',
    problem: /resource TrainWorkflowMachine.*is not authorized to create managed-rule.*events:PutRule/s,
  },
  {
    role: 'RetrainWorkflowRole',
    action: 'logs:CreateLogDelivery',
    problem: /resource RetrainWorkflowMachine.*not authorized to access the Log Destination/s,
  },
])('without $action for $role the stack cannot be deployed', async ({ problem, ...mutation }) => {
  await expect(startWithout(mutation)).rejects.toThrow(problem);
});
