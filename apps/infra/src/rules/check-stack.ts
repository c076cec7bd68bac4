import type { TerraformStack } from 'cdktf';
import type { ProjectConfig } from '../config/environment-config.ts';
import { bucketsAreSafe } from './bucket-rules.ts';
import { executionLogsAreOff, functionsHaveLogGroups, logGroupsForget } from './log-rules.ts';
import { metricsExist } from './metric-rules.ts';
import { policiesAreExact } from './policy-rules.ts';
import { deadLettersOutlastSource, queuesAreEncrypted, visibilityOutlastsFunction } from './queue-rules.ts';
import type { Rule, StackJson } from './stack-json.ts';

export function rulesFor(project: Pick<ProjectConfig, 'projectName'>): readonly Rule[] {
  return [
    visibilityOutlastsFunction,
    deadLettersOutlastSource,
    queuesAreEncrypted,
    functionsHaveLogGroups,
    logGroupsForget,
    executionLogsAreOff,
    policiesAreExact,
    metricsExist(project.projectName),
    bucketsAreSafe,
  ];
}

/** Checks the rules that span resources. @returns a line for each violation, beginning with the stack's name */
export function brokenRules(stack: TerraformStack, project: ProjectConfig): readonly string[] {
  stack.prepareStack();
  const json = stack.toTerraform() as StackJson;
  return rulesFor(project)
    .flatMap((rule) => rule(json))
    .map((problem) => `${stack.node.id}: ${problem}`);
}
