import type { MeantDifference } from '../meant-difference.ts';
import { meantFor, recorded } from './meant.ts';

const api = 'https://docs.aws.amazon.com/step-functions/latest/apireference';
const entry = meantFor('moto', 'states');

export const motoStates: readonly MeantDifference[] = [
  entry(
    /^machines: (CreateStateMachine|UpdateStateMachine|ValidateStateMachineDefinition)/,
    /outcome/,
    7,
    'ours',
    'moto does not compare and hardly checks machines, and its errors have no names',
    `${api}/API_CreateStateMachine.html`,
  ),
  entry(
    /^executions: StartExecution/,
    /outcome/,
    2,
    'ours',
    'moto does not check names, and its error has no name',
    `${api}/API_StartExecution.html`,
  ),
  entry(
    /DescribeStateMachine/,
    /loggingConfiguration\.includeExecutionData/,
    2,
    'ours',
    'moto leaves it out',
    recorded('test_sfn_api.py'),
  ),
  entry(
    /ListStateMachines/,
    /stateMachines/,
    1,
    'ours',
    'moto lists the machine that it should have refused',
    `${api}/API_CreateStateMachine.html`,
  ),
  entry(
    /DescribeExecution/,
    /inputDetails|redriveCount|redriveStatus|redriveStatusReason/,
    35,
    'ours',
    'moto leaves them out',
    `${api}/API_DescribeExecution.html`,
  ),
  entry(
    /ListExecutions/,
    /executions\[\]\.redriveCount/,
    1,
    'ours',
    'moto leaves it out',
    `${api}/API_ExecutionListItem.html`,
  ),
  entry(
    /DescribeExecution/,
    /output/,
    7,
    'ours',
    'an output is JSON, also if it is a text',
    `${api}/API_DescribeExecution.html`,
  ),
  entry(/StopExecution$/, /stopDate/, 1, 'ours', 'moto leaves it out', `${api}/API_StopExecution.html`),
  entry(
    /DescribeExecution that was stopped/,
    /error|cause/,
    1,
    'ours',
    'moto forgets why',
    `${api}/API_StopExecution.html`,
  ),
  entry(
    /Choice without a rule that fits/,
    /error|cause/,
    1,
    'ours',
    'the error has a name',
    'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  ),
  entry(
    /Task of the SDK that fails/,
    /cause/,
    1,
    'ours',
    'AWS tells the attempt since November 2025',
    recorded('test_sfn_start_execution_implicit_json_serialisation'),
  ),
];
