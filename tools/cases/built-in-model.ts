/** For a folder that has no definition: a model that is up before the rest is put. */
export interface BuiltInModel {
  readonly model: string;
  readonly definition: string;
  readonly data: string;
}

const plans = ['basic', 'plus', 'pro'];
const rows = 400;

/** A small model of who cancels: the older the customer and the cheaper the plan, the likelier. */
export function builtInModel(model: string): BuiltInModel {
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 18 + ((row * 37) % 60);
    const plan = plans[(row * 7) % 3] ?? '';
    // Every ninth does otherwise, so that there is something to be unsure of.
    const cancels = age > 45 === (row % 9 !== 0);
    return `${age},${plan},${(row * 7919) % 3000},${cancels ? 'yes' : 'no'}`;
  });
  return {
    model,
    definition: `name: ${model}\nproblem: binary\ntarget: cancelled\n`,
    data: `age,plan,balance,cancelled\n${lines.join('\n')}\n`,
  };
}
