import { validateStateMachine } from '../../states/validate.ts';
import { validateDefinitionInput } from './inputs.schema.ts';
import type { StatesOperation } from './operation.ts';
import { parseStatesInput } from './parse-states-input.ts';

/** What keeps a machine from being created is an error; advice is a warning. */
export const validateStateMachineDefinition: StatesOperation = async (input) => {
  const { definition } = parseStatesInput(validateDefinitionInput, input);
  const diagnostics = diagnose(definition);
  const failed = diagnostics.some(({ severity }) => severity === 'ERROR');
  return { result: failed ? 'FAIL' : 'OK', diagnostics, truncated: false };
};

function diagnose(text: string) {
  try {
    return validateStateMachine(JSON.parse(text)).map(({ kind, location, message }) => ({
      severity: kind === 'advice' ? 'WARNING' : 'ERROR',
      code: kind === 'unsupported' ? 'NOT_SUPPORTED_LOCALLY' : 'SCHEMA_VALIDATION_FAILED',
      location,
      message,
    }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', location: '/', message: error.message }];
  }
}
