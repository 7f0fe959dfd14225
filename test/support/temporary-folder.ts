import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests a temporary folder of its own, and removes it at the end with all that is in it. A test that fails, or
 * whose process is killed on purpose, cannot remove what it made.
 * @returns what vitest calls when all tests are over.
 */
export default function ownTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-tests-'));
  // Workers and what they start inherit it; Node's `tmpdir()` reads it at every call.
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
