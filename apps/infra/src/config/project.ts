import type { ProjectConfig } from './environment-config.ts';

/** The project's and the account's values: the one place to change them. */
export const PROJECT = {
  projectName: 'dofs',
  region: 'us-east-1',
  awsProviderVersion: '5.100.0',
  permissionsBoundary: true,
  githubRepository: 'OWNER/REPOSITORY',
  githubAuthentication: 'connection',
  githubTokenParameter: '/github/personal-access-token',
  developBranch: 'develop',
  mainBranch: 'main',
  pushesStartPipelines: false,
  pipelineRetentionDays: 30,
} as const satisfies ProjectConfig;
