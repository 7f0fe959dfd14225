const write = process.stdout.write;

/**
 * Handlers of workflow tests run in the test's process and write their lines of each invocation to its output, where hundreds of them
 * would hide what the tests say. What else is written passes; a test that looks at the lines puts its own spy in the place of this.
 */
process.stdout.write = (...given: unknown[]): boolean => {
  const [text] = given;
  if (typeof text === 'string' && /^\{"(stage|_aws)":/.test(text)) return true;
  return Boolean(Reflect.apply(write, process.stdout, given));
};
