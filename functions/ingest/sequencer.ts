/** Longer than any sequencer that S3 has been seen to give (16 to 18 digits), so that all compare as text. */
const width = 64;

/**
 * S3's order of the writes of one key, spelled so that plain text comparison gives it, here and in DynamoDB: hexadecimal
 * numbers of unequal length are compared as if the shorter one ended in zeros. Says nothing about different keys.
 */
export function comparableSequencer(sequencer: string): string {
  return sequencer.toLowerCase().padEnd(width, '0');
}

/** Before every sequencer: for a version that was found by listing. Its own event, should it come, is the same version. */
export const earliestSequencer = comparableSequencer('');
