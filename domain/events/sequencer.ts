/** Longer than any sequencer that S3 has been seen to give (16 to 18 digits), so that all compare as text. */
const width = 64;

/**
 * S3's order of the writes of one key, spelled so that plain text comparison gives it, here and in DynamoDB: hexadecimal
 * numbers, the shorter padded with zeros on the right (S3 User Guide, Event message structure). Says nothing about different keys.
 */
export function comparableSequencer(sequencer: string): string {
  return sequencer.toLowerCase().padEnd(width, '0');
}

/** Before every sequencer: for a version that was found by listing. Its own event, should it come, is the same version. */
export const earliestSequencer = comparableSequencer('');

/** Which of two versions of one key S3 wrote later: positive when `a` is. */
export function compareSequencers(a: string, b: string): number {
  const [left, right] = [comparableSequencer(a), comparableSequencer(b)];
  if (left === right) return 0;
  return left > right ? 1 : -1;
}
