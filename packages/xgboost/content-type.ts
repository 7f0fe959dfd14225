import { UserError } from './errors.ts';

/** Throws unless a content type means CSV. Without one, SageMaker's XGBoost takes data for LIBSVM. */
export function checkContentType(where: string, contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType || 'text/libsvm').toLowerCase().split(';');
  if (!['text/csv', 'csv'].includes(type.trim())) {
    const origin = contentType ? '' : ", the default of SageMaker's XGBoost";
    throw new UserError(
      `${where} has content type '${type.trim()}'${origin}; the local stand-in reads text/csv.`,
    );
  }
  const labelSize = parameters
    .map((parameter) => /^\s*label_size\s*=\s*(\S+)/.exec(parameter)?.[1])
    .find(Boolean);
  if (labelSize !== undefined && labelSize !== '1') {
    throw new UserError(`${where} has content type '${contentType}', but label_size can only be 1.`);
  }
}
