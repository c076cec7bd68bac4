/** asl-validator 4 is published without the types that its manifest names. */
declare module 'asl-validator' {
  interface ValidationOptions {
    readonly checkArn: boolean;
    readonly checkPaths: boolean;
  }
  interface Validation {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  export default function validate(definition: unknown, options?: ValidationOptions): Validation;
}
