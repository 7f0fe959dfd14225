import { wallClock } from '../../../clock.ts';
import { markingFunction, markingMachine } from './marking-machine.ts';
import { startStates } from './states-region.ts';

// A region in a process of its own, to be killed while an execution waits: `killed-region.ts <directory> <file>`.
const [, , directory = '', file = ''] = process.argv;
const region = await startStates({ directory, clock: wallClock() });
await region.createFunction('mark', markingFunction);
const arn = region.createMachine('marking', markingMachine(file));
process.send?.(region.service.startExecution(arn, '{}').executionArn);
