/**
 * Which of two versions of one key S3 wrote later: positive when `a` is. Sequencers are hexadecimal; the shorter is padded
 * with zeros on the right, then they compare as text (S3 User Guide, Event message structure).
 */
export function compareSequencers(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((sequencer) => sequencer.toUpperCase().padEnd(length, '0'));
  if (left === undefined || right === undefined || left === right) return 0;
  return left > right ? 1 : -1;
}
