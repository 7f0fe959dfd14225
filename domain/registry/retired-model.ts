import { NotFoundError } from '../errors.ts';
import type { ModelRecord } from './records.schema.ts';

/** The model is retired: nothing is served, trained or deployed under its name. */
export class ModelRetiredError extends NotFoundError {
  override readonly name = 'ModelRetiredError';

  constructor(readonly model: string) {
    super(`${retiredSentence(model)} ${reactivationRemedy(model)}`);
  }
}

/** Whether the definition that counts retires the model. */
export function isRetired({ definition }: Pick<ModelRecord, 'definition'>): boolean {
  return definition.lifecycle === 'retired';
}

/** @throws ModelRetiredError */
export function requireActive(record: Pick<ModelRecord, 'model' | 'definition'>): void {
  if (isRetired(record)) throw new ModelRetiredError(record.model);
}

/** For a transaction that writes META: only while the model is not retired. Records from before there was a lifecycle are active. */
export const whileActive = {
  condition: 'NOT (#definition.#lifecycle = :retired)',
  names: { '#definition': 'definition', '#lifecycle': 'lifecycle' },
  values: { ':retired': 'retired' },
} as const;

export function retiredSentence(model: string): string {
  return `${model} is retired: its definition says \`lifecycle: retired\`.`;
}

export function reactivationRemedy(model: string): string {
  return `To bring it back, put definitions/${model}.yaml again with \`lifecycle: active\`.`;
}
