// The package has no types of its own. What we use of it:
declare module 'asl-validator' {
  interface Validation {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  /** Changes the definition that it is given: every state gets a `QueryLanguage`. */
  export default function validate(definition: unknown, options?: { checkArn?: boolean }): Validation;
}
