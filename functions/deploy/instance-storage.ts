/**
 * Families whose instances have local NVMe storage: those with a `d` among the letters after the generation (`c5d`, `m6gd`,
 * `g4dn`), and the newer accelerated ones, which all have it (AWS, "Instance store volumes").
 */
const withLocalStorage = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|dl\d+|g[5-9]e?|p[4-9][a-z]*|trn\d+n?)\./;

/** Whether an instance type (`ml.m5d.large`) has local storage, for which SageMaker refuses a KMS key. */
export function hasLocalStorage(instanceType: string): boolean {
  return withLocalStorage.test(instanceType);
}
