/** Something the person at the terminal can fix. Its message is one clear sentence; no stack is shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
