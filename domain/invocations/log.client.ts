/**
 * Writes a line into the function's log. Not by `console`, before whose lines Lambda writes a time and the request's id: then the line is no
 * JSON, which CloudWatch's filters and queries, and metrics in lines, want it to be.
 */
export function writeLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
