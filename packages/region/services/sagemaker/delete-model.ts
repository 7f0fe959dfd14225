import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { couldNotFind } from './errors.ts';
import { sagemakerModelName } from './members.schema.ts';
import { emitStateChange } from './state-change-event.ts';

const inputSchema = z.strictObject({ ModelName: sagemakerModelName });

/** `DeleteModel`. Endpoints that serve the model go on. */
export function deleteModel(context: Context) {
  return async (input: unknown) => {
    const { ModelName } = parseInput('sagemaker:DeleteModel', inputSchema, input);
    const arn = arnOf(context, 'model', ModelName);
    if (!(await context.tables.models.remove(ModelName))) throw couldNotFind('model', arn);
    await emitStateChange(context, 'Model', arn, { ModelName, ModelArn: arn });
    return {};
  };
}
