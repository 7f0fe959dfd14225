import { chmodSync, mkdirSync } from 'node:fs';

/** Makes a directory, or takes one that is there, so that nobody but its owner can look into it. @throws the system's `EPERM` */
export function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // One that is there keeps its mode, and an earlier release made it for everybody.
  chmodSync(directory, 0o700);
}
