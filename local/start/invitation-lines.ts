import { join } from 'node:path';
import type { Line } from '../progress/line.ts';
import type { SdkConfig } from '../region.ts';
import { blank, heading } from './report-lines.ts';

interface Invitation {
  readonly dropFolder: string;
  readonly model: string;
  readonly dataBucket: string;
  readonly predictFunction: string;
  readonly sdkConfig: SdkConfig;
}

/** How to go on: where to put more files, and how to talk to the region as to AWS. */
export function invitationLines({
  dropFolder,
  model,
  dataBucket,
  predictFunction,
  sdkConfig,
}: Invitation): Line[] {
  const { endpoint, region, credentials } = sdkConfig;
  const keys = `AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`;
  return [
    heading('More'),
    indented(
      `put files into ${join(dropFolder, 'incoming', model)}, definitions into ${join(dropFolder, 'definitions')}`,
    ),
    indented(`outcomes of predictions (inference_id, label) into ${join(dropFolder, 'labels', model)}`),
    indented('or, as in AWS (the keys are those of this start):'),
    indented(`  export ${keys}`),
    // Version 1 of the aws command and boto3 read AWS_DEFAULT_REGION, the other SDKs AWS_REGION.
    indented(`  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`),
    indented(`  aws s3 cp my.csv s3://${dataBucket}/incoming/${model}/`),
    // `fileb://` is the one form of a payload that both versions of the command read alike.
    indented(`  echo '{ "model": "${model}", "records": [{ … }] }' > request.json`),
    indented(
      `  aws lambda invoke --function-name ${predictFunction} --payload fileb://request.json answer.json`,
    ),
    indented(
      '  aws stepfunctions list-state-machines   # for executions by hand; so do the commands of docs/runbook.md',
    ),
    blank,
    indented('Ctrl-C stops; the next start goes on from here.'),
    blank,
  ];
}

const indented = (text: string): Line => [{ text: `  ${text}` }];
