import { InvariantError } from '../errors.ts';
import { resourceName } from '../names.ts';

/** SageMaker's limit on names. */
const longestName = 63;

/**
 * `tidemark-<stage>-<model>-v<version>-<hash>`: a configuration cannot be changed, so other content needs another name, and the
 * same keeps its own.
 * @param hash six hexadecimal digits of the content's
 */
export function endpointConfigName(stage: string, model: string, version: number, hash: string): string {
  const name = resourceName(stage, model, `v${version}-${hash}`);
  if (name.length > longestName) {
    throw new InvariantError(
      `The endpoint configuration's name ${name} has ${name.length} characters and SageMaker takes ${longestName}. ` +
        'Onboard the model under a shorter name.',
    );
  }
  return name;
}

/** The version that a configuration of ours serves, by its name; `null` if the name is not one of ours. */
export function versionOfConfig(name: string): number | null {
  const digits = /-v(\d+)-[0-9a-f]{6}$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
