import type { Json } from '../definition.schema.ts';
import { runtimeError } from '../state-error.ts';
import type { Integration, TaskCall } from './integration.ts';
import type { Sdk } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';

const actions: readonly string[] = ['getItem', 'putItem', 'updateItem', 'deleteItem'];

/** `arn:aws:states:::dynamodb:<action>`, for single items. */
export function dynamodb(sdk: Sdk): Integration {
  return {
    patterns: ['request-response'],
    async call({ resource: { action }, arguments: parameters, roleArn, signal }: TaskCall): Promise<Json> {
      if (!actions.includes(action)) throw runtimeError(`There is no integration dynamodb:${action}.`);
      return withErrorNames(optimisedErrors.dynamodb, async () => {
        const { output } = await sdk.send({ service: 'dynamodb', action, parameters, roleArn, signal });
        return output;
      });
    },
  };
}
