import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    apiUrl: string;
    awsEndpoint: string;
    projectAndEnvironment: string;
    workflowType: string;
  }
}

/**
 * The system under test: `DOFS_API_URL` and `AWS_ENDPOINT_URL` name one that runs (this machine, an emulator,
 * AWS); without them the suite starts one of its own.
 */
export const target = {
  get apiUrl(): string {
    return inject('apiUrl');
  },
  /** Empty: AWS itself. */
  get awsEndpoint(): string {
    return inject('awsEndpoint');
  },
  /** `DOFS_WORKFLOW_TYPE` says how the system under test was set up; STANDARD where it says nothing. */
  get isExpress(): boolean {
    return inject('workflowType') === 'EXPRESS';
  },
  /** `dofs-dev`: the prefix of every name. */
  get prefix(): string {
    return inject('projectAndEnvironment');
  },
};
