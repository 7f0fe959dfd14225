/** What a template's values are worked out from. One per stack and deployment. */
export interface TemplateScope {
  /** Value of a parameter, of a pseudo parameter such as `AWS::Region`, or of a resource. @throws ValueError */
  ref(name: string): unknown;
  /** @throws ValueError when the resource or the attribute is unknown. */
  getAtt(logicalId: string, attribute: string): unknown;
  /** @throws ValueError when there is no such condition. */
  condition(name: string): boolean;
  /** The mapping's rows, or `undefined`. */
  mapping(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** What another stack exports under this name. @throws ValueError */
  importValue(name: string): unknown;
}

/** `AWS::NoValue`: the property or element is not there. */
export const noValue = Symbol('AWS::NoValue');
