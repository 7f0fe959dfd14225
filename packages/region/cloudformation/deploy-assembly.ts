import { readCloudAssembly } from './cloud-assembly.ts';
import { type DeployedStack, type DeployOptions, deployStack, removeFormer } from './deploy-stack.ts';

/**
 * Deploys every stack of a cloud assembly, each after those it depends on, and takes away the stacks that are no longer
 * in it.
 * @throws TemplateError
 */
export async function deployAssembly(directory: string, options: DeployOptions): Promise<DeployedStack[]> {
  const artifacts = readCloudAssembly(directory);
  const exports = new Map<string, string>();
  const deployed: DeployedStack[] = [];
  for (const artifact of artifacts) deployed.push(await deployStack(artifact, options, exports));

  const current = new Set(artifacts.map(({ stackName }) => stackName));
  for (const stackName of Object.keys(options.journal.stacks)) {
    if (current.has(stackName)) continue;
    await removeFormer(stackName, new Set(), options);
    options.journal.removeStack(stackName);
  }
  options.journal.settle();
  return deployed;
}
