import { mkdir } from 'node:fs/promises';
import type { Level } from 'level';
import { CorruptStateError } from './corrupt-state-error.ts';
import { diskTrouble } from './disk-trouble.ts';

/** Another process has the store open. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor(readonly directory: string) {
    super(`Another process is using ${directory}`);
  }
}

/**
 * Opens a LevelDB in its directory.
 * @throws CorruptStateError when what is there is no whole store, StoreInUseError
 */
export async function openLevel(level: Level<string, unknown>, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  try {
    await level.open();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED')
      throw new StoreInUseError(directory);
    if (diskTrouble(error) !== undefined) throw error;
    throw new CorruptStateError(directory, cause);
  }
}
