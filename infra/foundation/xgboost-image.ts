import { Aws, CfnMapping, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.schema.ts';

/**
 * AWS's account with the built-in XGBoost image, by region (SageMaker's registry paths). Only regions of the partition `aws`: the state
 * machines name their integrations in it (`arn:aws:states:::…`).
 */
const registryAccounts = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
} as const;

/**
 * URI of SageMaker's built-in XGBoost in the region that the stack is deployed to, which synthesis need not know. A region that is
 * not in the list fails the deployment before anything of the stack is made.
 */
export function xgboostImageUri(
  scope: Construct,
  { xgboostVersion }: Pick<Config, 'xgboostVersion'>,
): string {
  return `${registryAccount(scope)}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/${repository}:${xgboostVersion}`;
}

/** The repository of that image. */
export function xgboostRepositoryArn(scope: Construct): string {
  return `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${registryAccount(scope)}:repository/${repository}`;
}

const repository = 'sagemaker-xgboost';

/** One mapping per stack. */
function registryAccount(scope: Construct): string {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild('XgboostRegistries');
  const mapping =
    existing instanceof CfnMapping
      ? existing
      : new CfnMapping(stack, 'XgboostRegistries', {
          mapping: Object.fromEntries(
            Object.entries(registryAccounts).map(([region, account]) => [region, { account }]),
          ),
        });
  return mapping.findInMap(Aws.REGION, 'account');
}
