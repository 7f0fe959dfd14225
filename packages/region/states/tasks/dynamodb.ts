import type { Json } from '../machine-definition.schema.ts';
import type { Integration, TaskCall } from './integration.ts';
import type { Sdk } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';

/** `arn:aws:states:::dynamodb:<action>`, for single items. */
export function dynamodb(sdk: Sdk): Integration {
  return {
    async call({ resource: { action }, arguments: parameters, roleArn, signal }: TaskCall): Promise<Json> {
      return withErrorNames(optimisedErrors.dynamodb, async () => {
        const { output } = await sdk.send({ service: 'dynamodb', action, parameters, roleArn, signal });
        return output;
      });
    },
  };
}
