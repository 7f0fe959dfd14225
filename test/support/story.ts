import { beforeEach } from 'vitest';

/**
 * For a file, or a `describe`, whose tests each go on where the one before has ended: once one has failed, the others are skipped. They would
 * wait in vain for what did not come about, each as long as it may, before anybody sees the failure.
 */
export function endWithFirstFailure(): void {
  let hasFailed = false;
  beforeEach(({ skip, onTestFailed }) => {
    skip(hasFailed, 'A test before this one has failed, and this one goes on where that one ends.');
    onTestFailed(() => {
      hasFailed = true;
    });
  });
}
