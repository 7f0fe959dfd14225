import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Question, Usage, type WeighedGrant } from '@tidemark/region';
import { RoleStore } from '../packages/region/iam/role-store.ts';
import { startInstalledRegion } from '../test/support/installed-region.ts';
import { unneededReasons } from './unneeded-reasons.ts';

/**
 * Runs all workflow tests, in which each handler and each state machine acts under its own role of the synthesised app, and says of every
 * action that a function's or a machine's role is granted on a resource whether a test would fail without it. What none needs is printed,
 * with its reason where `unneeded-reasons.ts` has one.
 *
 *   npx tsx bench/unneeded-permissions.ts
 *   npx tsx bench/unneeded-permissions.ts --uses <folder>   # of an earlier run with TIDEMARK_PERMISSION_USES
 *
 * Ends with 1 when a permission that no test needs has no reason.
 */
const { values } = parseArgs({ options: { uses: { type: 'string' } } });
const directory = values.uses ?? mkdtempSync(join(tmpdir(), 'tidemark-permission-uses-'));
try {
  if (values.uses === undefined) await runWorkflowTests(directory);
  const installed = await startInstalledRegion({ speed: 1 });
  const policies = installed.region.roles.snapshot();
  await installed.stop();
  report(usageIn(directory).weigh(RoleStore.from(policies)));
} finally {
  if (values.uses === undefined) rmSync(directory, { recursive: true });
}

async function runWorkflowTests(uses: string): Promise<void> {
  const child = spawn('npx', ['vitest', 'run', '--project', 'workflow', '--reporter', 'dot'], {
    stdio: 'inherit',
    env: { ...process.env, TIDEMARK_PERMISSION_USES: uses },
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('Workflow tests failed, so what they need is not known.');
}

function usageIn(folder: string): Usage {
  const usage = new Usage();
  for (const file of readdirSync(folder)) {
    const questions: readonly Question[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const question of questions) usage.add(question);
  }
  return usage;
}

function report(all: readonly WeighedGrant[]): void {
  const grants = all.filter(({ roleArn }) => isOfWorkflow(roleArn));
  const survivors = grants.filter(({ need }) => need !== 'needed');
  const unexplained = survivors.filter((grant) => reasonOf(grant) === undefined);
  console.log(
    `${grants.length} grants of functions and state machines: ${grants.length - survivors.length} are needed by a workflow test, ` +
      `${survivors.length - unexplained.length} are not and have a reason, ${unexplained.length} are not and have none.`,
  );
  for (const grant of survivors) {
    const { roleArn, action, resource, need } = grant;
    console.log(
      `  ${need.padEnd(7)} ${shortName(roleArn)}  ${action}  ${resource}  ${reasonOf(grant) ?? '— no reason'}`,
    );
  }
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}

function isOfWorkflow(roleArn: string): boolean {
  return roleArn.includes(':role/tidemark-dev-workflows-') && !/MachineEvents|Stream/.test(roleArn);
}

function reasonOf({ roleArn, action }: WeighedGrant): string | undefined {
  const name = shortName(roleArn);
  return unneededReasons.find(({ roles, actions }) => roles.test(name) && actions.test(action))?.reason;
}

/** `DeployRecordRollback` of `…:role/tidemark-dev-workflows-DeployRecordRollbackRoleBC0E-3420c5682e72`. */
function shortName(roleArn: string): string {
  return /workflows-(?<name>\w+?)(?:Role\w*)?-\w+$/.exec(roleArn)?.groups?.name ?? roleArn;
}
