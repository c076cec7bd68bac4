import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '@dofs/operations/operation-error';

export type Outputs = Readonly<Record<string, unknown>>;

/** A state in S3 takes some seconds to read. */
const TIMEOUT_MS = 60_000;
const DEPLOY_AGAIN = 'wait for the deployment that runs, or pass --api-url';

/**
 * The outputs of a stack that was deployed from this checkout: `terraform output` in its folder of cdktf.out,
 * which knows every kind of backend; without Terraform on PATH, a local state file.
 * @param stack `dofs-dev`
 * @returns undefined where this checkout never deployed the stack
 * @throws OperationError when Terraform fails
 */
export async function deployedOutputs(
  root: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<Outputs | undefined> {
  const folder = join(root, 'cdktf.out/stacks', stack);
  const stateFile = join(root, `terraform.${stack}.tfstate`);
  const outputs = existsSync(join(folder, '.terraform'))
    ? await terraformOutput(folder, stack, environment)
    : undefined;
  if (outputs !== undefined && Object.keys(outputs).length > 0) {
    return outputs;
  }
  return existsSync(stateFile) ? outputsIn(readJson(stateFile, DEPLOY_AGAIN), stack) : undefined;
}

/**
 * Outputs from a file: of `cdktf deploy --outputs-file`, of `terraform output -json`, or a local state file.
 * @throws OperationError when the file can't be read or holds none
 */
export function readOutputs(file: string, stack: string): Outputs {
  const found = outputsIn(readJson(file, 'check --outputs'), stack);
  if (found === undefined) {
    throw new OperationError(
      'not-found',
      `${file} holds no outputs of ${stack}`,
      'check --outputs and --env',
    );
  }
  return found;
}

function readJson(file: string, hint: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperationError('not-found', `${file} can't be read: ${why}`, hint, error);
  }
}

function outputsIn(content: unknown, stack: string): Outputs | undefined {
  if (!isObject(content)) {
    return undefined;
  }
  const outputs = content[stack] ?? content['outputs'] ?? content;
  if (!isObject(outputs) || !('api_gateway_url' in outputs)) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [
      name,
      isObject(output) && 'value' in output ? output['value'] : output,
    ]),
  );
}

/** Undefined: there is no Terraform on PATH. */
function terraformOutput(
  folder: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<Outputs | undefined> {
  const binary = environment['TERRAFORM_BINARY_NAME'] ?? 'terraform';
  const options = { cwd: folder, env: environment, timeout: TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    execFile(binary, ['output', '-json', '-no-color'], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(outputsIn(JSON.parse(stdout), stack));
      } else if (error.code === 'ENOENT') {
        resolve(undefined);
      } else {
        const why = errorLine(stderr) ?? error.message;
        const message = `${binary} output of ${stack} failed: ${why}`;
        reject(
          new OperationError('not-found', message, `run npx cdktf deploy ${stack}, or pass --api-url`, error),
        );
      }
    });
  });
}

/** Terraform draws boxes around its errors, and warns before them. */
function errorLine(stderr: string): string | undefined {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^[^\w]+/, ''))
    .filter((line) => line !== '');
  return lines.find((line) => line.startsWith('Error: ')) ?? lines[0];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
