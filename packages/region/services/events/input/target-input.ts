import type { AwsEvent } from '../../../gateway/service.ts';
import type { RuleTarget } from '../rule.schema.ts';
import {
  assertTransformer,
  type InputTransformer,
  type RuleContext,
  transformedInput,
} from './input-transformer.ts';
import { jsonPath } from './json-path.ts';

/** What a target gets for an event: the event, a part of it, a constant, or a template filled from it. As JSON. */
export function targetInput(target: RuleTarget, event: AwsEvent, context: RuleContext): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputTransformer)
    return transformedInput(transformerOf(target.InputTransformer), event, context);
  if (target.InputPath === undefined) return JSON.stringify(event);
  const part = jsonPath(target.InputPath)(event);
  if (part === undefined)
    throw new Error(`the event has nothing at the target's InputPath ${target.InputPath}`);
  return JSON.stringify(part);
}

/** Throws an Error that says what is wrong with a target's input settings. */
export function assertTargetInput({ Input, InputPath, InputTransformer: transformer }: RuleTarget): void {
  if ([Input, InputPath, transformer].filter((setting) => setting !== undefined).length > 1)
    throw new Error('only one of Input, InputPath, or InputTransformer must be provided');
  if (Input !== undefined) JSON.parse(Input);
  if (InputPath !== undefined) jsonPath(InputPath);
  if (transformer) assertTransformer(transformerOf(transformer));
}

function transformerOf({
  InputPathsMap = {},
  InputTemplate,
}: NonNullable<RuleTarget['InputTransformer']>): InputTransformer {
  return { paths: InputPathsMap, template: InputTemplate };
}
