import type { DeployedResource } from '@tidemark/region';
import type { Machine } from '../progress/executions.client.ts';

/** The state machines with the capabilities they carry out, in the order of the templates. */
export function machinesOf(resources: readonly DeployedResource[]): Machine[] {
  return resources
    .filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
    .map(({ physicalId: arn, path }) => ({ arn, capability: kebab(segment(path, 1) ?? arn) }));
}

/** A function's name or ARN to what it is called in `functions/`: `onboard-definition`. */
export function functionLabels(resources: readonly DeployedResource[]): (nameOrArn: string) => string {
  const labels = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ physicalId, path }) => [physicalId, kebab(segment(path, 2) ?? physicalId)]),
  );
  return (nameOrArn) => {
    const name = /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
    return labels.get(name) ?? name;
  };
}

/** A construct's path is `<stack>/<capability>/<function or Workflow>/…/Resource`. */
function segment(path: string | undefined, index: number): string | undefined {
  return path?.split('/')[index];
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, '-$1').toLowerCase();
}
