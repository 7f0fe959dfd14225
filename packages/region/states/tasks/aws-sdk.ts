import type { Json } from '../machine-definition.schema.ts';
import { runtimeError } from '../state-error.ts';
import type { Integration, TaskCall } from './integration.ts';
import type { Sdk } from './sdk.client.ts';
import { sdkServices } from './sdk-services.client.ts';
import { sdkErrors, withErrorNames } from './service-error.ts';

/** `arn:aws:states:::aws-sdk:<service>:<action>`: any operation of an installed client. */
export function awsSdk(sdk: Sdk): Integration {
  return {
    async call({
      resource: { service, action },
      arguments: given,
      roleArn,
      signal,
    }: TaskCall): Promise<Json> {
      const known = Object.hasOwn(sdkServices, service) ? sdkServices[service] : undefined;
      if (known === undefined) throw runtimeError(`The local region has no SDK client for '${service}'.`);
      const parameters = service === 's3' ? withJsonBody(given) : given;
      return withErrorNames(sdkErrors(known.name), async () => {
        const { output } = await sdk.send({ service, action, parameters, roleArn, signal });
        return output;
      });
    },
  };
}

/** S3's PutObject writes its `Body` as JSON, a string with its quotes. */
function withJsonBody(parameters: Json): Json {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return parameters;
  const { Body } = parameters;
  return Body === undefined ? parameters : { ...parameters, Body: JSON.stringify(Body) };
}
