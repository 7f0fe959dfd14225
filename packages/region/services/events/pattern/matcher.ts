/** A leaf of an event. */
export type Scalar = string | number | boolean | null;

/** Whether one leaf value is what a pattern asks for. */
export type Matcher = (value: Scalar) => boolean;

/** Builds a matcher from the operand in the pattern. `where` is the path to it, for messages. */
export type MatcherFactory = (operand: unknown, where: string) => Matcher;
