import { agrees } from '@tidemark/domain/datasets/prediction-agreement.ts';
import type { Smoke } from '@tidemark/domain/datasets/smoke.schema.ts';

/** A row whose answer by one version is on record. */
export type Witness = Smoke['rows'][number];

/** Witnesses ride along with every request while an endpoint changes: a fraction of what a request may hold. */
const maximumBytes = 256 * 1024;

/** The stored hold-out rows of a version, or as many of them, evenly spread, as fit. */
export function chooseWitnesses(rows: readonly Witness[]): readonly Witness[] {
  const bytes = rows.reduce((sum, { features }) => sum + features.length + 1, 0);
  const step = Math.max(1, Math.ceil(bytes / maximumBytes));
  return rows.filter((_, index) => index % step === 0);
}

/**
 * Whether the version answered that the witnesses are of. One request is answered by one container, so what holds for the witnesses
 * holds for the rows beside them. It is what a deployment counts as proof, too.
 * @param answers to the witnesses, in their order
 */
export function testify(witnesses: readonly Witness[], answers: readonly (readonly number[])[]): boolean {
  return witnesses.every(({ prediction }, row) => {
    const answer = answers[row] ?? [];
    return (
      answer.length === prediction.length &&
      prediction.every((number, index) => agrees(number, answer[index]))
    );
  });
}
