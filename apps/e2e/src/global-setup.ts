import type { TestProject } from 'vitest/node';
import { startLocalSystem } from './local-system.ts';

/** One system for all suites that don't need one of their own. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const apiUrl = process.env['DOFS_API_URL'];
  project.provide('workflowType', process.env['DOFS_WORKFLOW_TYPE'] ?? 'STANDARD');
  project.provide('projectAndEnvironment', process.env['DOFS_PREFIX'] ?? 'dofs-dev');
  if (apiUrl !== undefined) {
    project.provide('apiUrl', apiUrl);
    project.provide('awsEndpoint', process.env['AWS_ENDPOINT_URL'] ?? '');
    return undefined;
  }
  const system = await startLocalSystem({ args: ['--ephemeral'] });
  project.provide('apiUrl', system.apiUrl);
  project.provide('awsEndpoint', system.awsEndpoint);
  return async () => {
    await system.stop();
  };
}
