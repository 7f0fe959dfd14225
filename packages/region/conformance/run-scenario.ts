import { Normaliser } from './normalise.ts';
import { type LabelledAnswer, type Scenario, Steps } from './scenario.ts';
import type { Implementation } from './worlds/world.ts';

/** Runs a scenario on an empty implementation. Returns what each request was answered, normalised. */
export async function runScenario(
  implementation: Implementation,
  scenario: Scenario,
): Promise<readonly LabelledAnswer[]> {
  const world = await implementation.fresh();
  const steps = new Steps();
  try {
    await scenario.run(world, steps);
  } catch (error) {
    throw new Error(`${implementation.title} did not come through ${scenario.service}: ${scenario.name}`, {
      cause: error,
    });
  }
  const normaliser = new Normaliser();
  return steps.all.map(({ label, answer }) => ({ label, answer: normaliser.normalise(answer, label) }));
}
