import { defaultSpeed } from './arguments.ts';

export const help = `
Runs Tidemark on this machine: the synthesised templates, state machines and functions in a local region, with no
AWS account. Drops a model definition and real data, and shows how they become a live endpoint; then plays later rows
as traffic, until it drifts, an alarm goes off and a new version is trained and judged.

  npm start                                        the shipped example, flight delays; stays up for more files
  npm start -- --definition my.yaml --data my.csv  your own model; --data may be given several times
  npm start -- --exit                              ends after the loop; exit code 0 if a version is live and the loop
                                                   closed, or the program found that the data call for no new version
  npm start -- --no-replay                         the shipped example without its traffic

  --definition <file>  a model definition (YAML)
  --data <file>        CSV, Parquet or JSON Lines
  --exit               end after the loop and write summary.json to the state directory
  --fresh              forget what earlier starts left, and start over
  --no-replay          do not play traffic (there is none with a definition of your own)
  --port <number>      port of the local region (default: a free one)
  --revert-drift       make again what somebody has changed or deleted by hand, as cdk deploy --revert-drift does
  --speed <number>     divides waits, such as quiet periods (default: ${defaultSpeed}); work takes as long as it takes
  --stage <name>       the stage whose settings of cdk.json count (needed where it has several)
  --state <directory>  where everything is kept (default: .tidemark)
  -h, --help           this text
`.trimStart();
