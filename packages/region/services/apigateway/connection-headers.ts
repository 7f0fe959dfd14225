/** Headers of one connection, which neither functions nor clients get from the other's. */
export const connectionHeaders: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];
