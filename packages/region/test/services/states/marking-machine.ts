/** Appends what it is told to a file. */
export const markingFunction = `
  import { appendFileSync } from 'node:fs';
  export const handler = async ({ file, mark }) => appendFileSync(file, mark + '\\n');`;

const marking = (file: string, mark: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'mark', Payload: { file, mark } },
});

/** Leaves a mark, waits for a minute, and leaves another. */
export const markingMachine = (file: string) => ({
  StartAt: 'Before',
  States: {
    Before: { ...marking(file, 'before'), Next: 'Pause' },
    Pause: { Type: 'Wait', Seconds: 60, Next: 'After' },
    After: { ...marking(file, 'after'), End: true },
  },
});
