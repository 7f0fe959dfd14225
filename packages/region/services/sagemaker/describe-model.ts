import * as z from 'zod';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { couldNotFind } from './errors.ts';
import { sagemakerModelName } from './members.schema.ts';

const inputSchema = z.strictObject({ ModelName: sagemakerModelName });

/** `DescribeModel` */
export function describeModel(context: Context) {
  return async (input: unknown) => {
    const { ModelName } = parseInput('sagemaker:DescribeModel', inputSchema, input);
    const model = await context.tables.models.get(ModelName);
    if (!model) throw couldNotFind('model', arnOf(context, 'model', ModelName));
    return {
      ...model.request,
      ModelArn: model.arn,
      EnableNetworkIsolation: model.request.EnableNetworkIsolation ?? false,
      CreationTime: seconds(model.created),
    };
  };
}
