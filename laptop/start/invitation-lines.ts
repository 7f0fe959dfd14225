import { join } from 'node:path';
import type { SdkConfig } from '@tidemark/region';
import type { Line } from '../progress/line.ts';
import { blank, heading } from './report-lines.ts';

interface Invitation {
  readonly dropFolder: string;
  readonly model: string;
  readonly dataBucket: string;
  readonly predictFunction: string;
  /** A request that can be sent as it stands; none without a live version. */
  readonly requestFile: string | undefined;
  readonly sdkConfig: SdkConfig;
}

/** The next steps: where to put more files, and how to talk to the region as to AWS. */
export function invitationLines({
  dropFolder,
  model,
  dataBucket,
  predictFunction,
  requestFile,
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
    // Else a version that does not know the variable, such as 2.9 of Debian 12, would ask AWS itself.
    indented('  aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }'),
    indented(`  aws s3 cp my.csv s3://${dataBucket}/incoming/${model}/`),
    // `fileb://` is the one form of a payload that both versions of the command read alike.
    ...(requestFile === undefined
      ? []
      : [
          indented(
            `  aws lambda invoke --function-name ${predictFunction} --payload fileb://${requestFile} answer.json`,
          ),
        ]),
    indented('  aws stepfunctions list-state-machines'),
    indented(
      '(the last is for executions by hand; packages/region/SUPPORT.md says which commands of docs/runbook.md work here)',
    ),
    blank,
    indented('Ctrl-C stops; the next start continues from here.'),
    blank,
  ];
}

const indented = (text: string): Line => [{ text: `  ${text}` }];
