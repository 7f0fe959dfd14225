import * as z from 'zod';

const operationSchema = z.object({ type: z.string(), args: z.array(z.unknown()) });
const expressionSchema = z.object({ expression: operationSchema });

/** An operator or function of an expression, with its operands. */
export type Operation = z.infer<typeof operationSchema>;

/** Every operation of an expression, from the outermost. @param parsed what dynalite makes of a condition or a filter */
export function* operationsOf(parsed: unknown): Generator<Operation> {
  if (parsed === undefined) return;
  const { data } = expressionSchema.safeParse(parsed);
  if (data) yield* within(data.expression);
}

function* within(operation: Operation): Generator<Operation> {
  yield operation;
  for (const argument of operation.args) {
    const { data } = operationSchema.safeParse(argument);
    if (data) yield* within(data);
  }
}
