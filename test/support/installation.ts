import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { PolicySnapshot } from '../../packages/region/iam/role-store.ts';
import { synthesisedAssembly } from './assembly.ts';
import { startRegion } from './region.ts';

/** What an installation of the synthesised app grants to whom, with the short names that workflow tests give its stores. */
export interface Installation {
  readonly policies: PolicySnapshot;
  /** ARNs of roles by the path of their construct: `Deploy/RecordRollback`, `Deploy/Workflow`, `SageMaker/Jobs`. */
  readonly roles: Readonly<Record<string, string>>;
}

/** How workflow tests call the stores of the installation. */
export const storeNames = { Data: 'data', Artifacts: 'artifacts', Audit: 'audit', Registry: 'registry' };

let known: Promise<Installation> | undefined;

/** The installation's roles and policies: made once for all test files, as the assembly is. */
export function installation(): Promise<Installation> {
  known ??= read();
  return known;
}

async function read(): Promise<Installation> {
  const file = `${await synthesisedAssembly()}.installation.json`;
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, await install());
    renameSync(draft, file);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Deploys the app to see what CloudFormation makes of its templates. @returns the installation as JSON */
async function install(): Promise<string> {
  const started = await startRegion();
  try {
    const { resources, roles: policies } = started.region;
    const roles = Object.fromEntries(
      resources
        .filter(({ type }) => type === 'AWS::IAM::Role')
        .map(({ path = '', attributes }) => [
          path.replace(/^[^/]+\//, '').replace(/(\/Role)?\/Resource$/, ''),
          String(attributes.Arn),
        ]),
    );
    let text = JSON.stringify({ policies: policies.snapshot(), roles } satisfies Installation);
    for (const [name, short] of Object.entries(storeNames)) {
      const store = resources.find(({ path }) => path?.endsWith(`/Stores/${name}/Resource`));
      if (!store) throw new Error(`The app has no store ${name}.`);
      text = text.replaceAll(store.physicalId, short);
    }
    return text;
  } finally {
    await started.stop();
  }
}
