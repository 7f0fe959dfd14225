import { describe, expect, it } from 'vitest';
import { defaultSpeed, readArguments } from '../../../laptop/start/arguments.ts';
import { StartError } from '../../../laptop/start/start-error.ts';

const defaults = {
  subject: { kind: 'example' },
  exit: false,
  fresh: false,
  replay: true,
  port: 0,
  speed: defaultSpeed,
  stateDirectory: '.tidemark',
  revertDrift: false,
};

describe('readArguments', () => {
  it.each([
    { title: 'nothing', argv: [], expected: {} },
    { title: '--exit and --fresh', argv: ['--exit', '--fresh'], expected: { exit: true, fresh: true } },
    { title: '--no-replay', argv: ['--no-replay'], expected: { replay: false } },
    { title: '--revert-drift', argv: ['--revert-drift'], expected: { revertDrift: true } },
    { title: 'a port', argv: ['--port', '4566'], expected: { port: 4566 } },
    { title: 'a speed', argv: ['--speed=1.5'], expected: { speed: 1.5 } },
    { title: 'a state directory', argv: ['--state', '/tmp/x'], expected: { stateDirectory: '/tmp/x' } },
    {
      title: 'a definition with several files',
      argv: ['--definition', 'a.yaml', '--data', 'a.csv', '--data', 'b.csv'],
      expected: { subject: { kind: 'own', definition: 'a.yaml', data: ['a.csv', 'b.csv'] } },
    },
  ])('reads $title', ({ argv, expected }) => {
    expect(readArguments(argv)).toEqual({ ...defaults, ...expected });
  });

  it.each([['--help'], ['-h']])('answers %s with the help, whatever else is there', (flag) => {
    expect(readArguments(['--exit', flag])).toBe('help');
  });

  it.each([
    { title: 'an unknown flag', argv: ['--fats'], message: "Unknown option '--fats'" },
    { title: 'a word', argv: ['fast'], message: "Unexpected argument 'fast'" },
    { title: 'a flag without its value', argv: ['--port'], message: '--port' },
    { title: 'a value for a switch', argv: ['--exit=yes'], message: '--exit' },
    { title: 'a port that is none', argv: ['--port', '70000'], message: 'from 0 to 65535, not "70000"' },
    { title: 'a port in words', argv: ['--port', 'http'], message: '--port must be a whole number' },
    { title: 'a speed of nothing', argv: ['--speed', ''], message: '--speed must be a number' },
    { title: 'a speed below 1', argv: ['--speed', '0.5'], message: '--speed must be a number' },
    { title: 'a speed in words', argv: ['--speed', 'fast'], message: 'not "fast"' },
    { title: 'data without a definition', argv: ['--data', 'a.csv'], message: 'add --definition' },
    { title: 'a definition without data', argv: ['--definition', 'a.yaml'], message: 'add --data' },
  ])('refuses $title in one line', ({ argv, message }) => {
    const read = () => readArguments(argv);

    expect(read).toThrow(StartError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]*\.$/);
  });
});
