import { CodestarconnectionsConnection } from '@cdktf/provider-aws/lib/codestarconnections-connection/index.js';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import type { ProjectConfig } from '../../config/environment-config.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import type { Permission } from '../iam/policy.ts';

/** How pipelines get at the repository. */
export interface Source {
  /** A source action of CodePipeline for one branch. */
  action(branch: string): SourceAction;
  /** What pipelines and builds must be allowed for it. */
  readonly permissions: readonly Permission[];
}

export interface SourceAction {
  readonly owner: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
}

const SOURCES: Record<ProjectConfig['githubAuthentication'], (context: GlobalContext) => Source> = {
  connection: connectionSource,
  token: tokenSource,
};

export function createSource(context: GlobalContext): Source {
  return SOURCES[context.project.githubAuthentication](context);
}

/** A connection waits (PENDING) until somebody allows it once in the console. */
function connectionSource({ stack, project }: GlobalContext): Source {
  const connection = new CodestarconnectionsConnection(stack, 'github', {
    name: `${project.projectName}-github`,
    providerType: 'GitHub',
  });
  return {
    action: (branch) => ({
      owner: 'AWS',
      provider: 'CodeStarSourceConnection',
      configuration: {
        ConnectionArn: connection.arn,
        FullRepositoryId: project.githubRepository,
        BranchName: branch,
        DetectChanges: String(project.pushesStartPipelines),
        // The whole history, so that nx can tell what a commit affects.
        OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
      },
    }),
    permissions: [
      {
        sid: 'UseConnection',
        actions: ['codestar-connections:UseConnection'],
        resources: [connection.arn],
      },
    ],
  };
}

/**
 * A personal access token. Terraform hands it to CodePipeline, so it is in the state too, which is why that bucket
 * is encrypted and closed; a connection has no secret at all and is the better choice.
 */
function tokenSource({ stack, project }: GlobalContext): Source {
  const [owner = '', repository = ''] = project.githubRepository.split('/');
  const token = new DataAwsSsmParameter(stack, 'github_token', {
    name: project.githubTokenParameter,
    withDecryption: true,
  });
  return {
    action: (branch) => ({
      owner: 'ThirdParty',
      provider: 'GitHub',
      configuration: {
        Owner: owner,
        Repo: repository,
        Branch: branch,
        OAuthToken: token.value,
        PollForSourceChanges: String(project.pushesStartPipelines),
      },
    }),
    permissions: [],
  };
}
