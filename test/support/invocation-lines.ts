import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type InvocationLine,
  invocationLineSchema,
} from '../../domain/invocations/invocation-line.schema.ts';

/** An invocation of a function in a local region, and the lines of ours that its log has of it. */
export interface LoggedInvocation {
  readonly functionName: string;
  readonly requestId: string;
  readonly lines: readonly InvocationLine[];
  /** For time or memory, or because the region was stopped: then there may be no line. */
  readonly endedByLambda: boolean;
}

/** Every invocation that has ended, by the logs in the region's state directory. */
export function loggedInvocations(stateDirectory: string): LoggedInvocation[] {
  const directory = join(stateDirectory, 'lambda', 'logs');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => {
    const printed = readFileSync(join(directory, file), 'utf8')
      .split('\n')
      .map((line) => line.slice(line.indexOf(' ') + 1));
    const ours = printed.flatMap(ownLine);
    return printed.flatMap((line) => {
      const [, requestId, status] = /^REPORT RequestId: (\S+)(?:.*Status: (\w+))?/.exec(line) ?? [];
      if (requestId === undefined) return [];
      return {
        functionName: file.replace(/\.log$/, ''),
        requestId,
        lines: ours.filter((each) => each.requestId === requestId),
        endedByLambda: status !== undefined,
      };
    });
  });
}

/** Lines that are JSON are ours: of an invocation, or with metrics. */
function ownLine(line: string): InvocationLine[] {
  if (!line.startsWith('{')) return [];
  const content: unknown = JSON.parse(line);
  return '_aws' in Object(content) ? [] : [invocationLineSchema.parse(content)];
}

/** The invocations that have another number of lines than they should have, to be shown. */
export function wronglyLogged(invocations: readonly LoggedInvocation[]): string[] {
  return invocations
    .filter(({ lines, endedByLambda }) => lines.length > 1 || (lines.length === 0 && !endedByLambda))
    .map(
      ({ functionName, requestId, lines }) =>
        `${functionName} wrote ${lines.length} lines for the invocation ${requestId}`,
    );
}
