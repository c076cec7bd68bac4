import { CodestarconnectionsConnection } from '@cdktf/provider-aws/lib/codestarconnections-connection/index.js';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import { TerraformLocal, type Precondition } from 'cdktf';
import { REPOSITORY_PLACEHOLDER, type ProjectConfig } from '../../config/environment-config.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import type { Permission } from '../iam/policy.ts';

/** How pipelines get at the repository. */
export interface Source {
  /** A source action of CodePipeline for one branch. */
  action(branch: string): SourceAction;
  /** What pipelines and builds must be allowed for it. */
  readonly permissions: readonly Permission[];
  /** Without it no pipeline is made. */
  readonly precondition: Precondition;
}

export interface SourceAction {
  readonly owner: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
}

type Access = Omit<Source, 'precondition'>;
const SOURCES: Record<ProjectConfig['githubAuthentication'], (context: GlobalContext) => Access> = {
  connection: connectionSource,
  token: tokenSource,
};

export function createSource(context: GlobalContext): Source {
  const { stack, project } = context;
  // A condition has to refer to something.
  new TerraformLocal(stack, 'github_repository', project.githubRepository);
  return {
    ...SOURCES[project.githubAuthentication](context),
    precondition: {
      condition: `\${local.github_repository != "${REPOSITORY_PLACEHOLDER}"}`,
      errorMessage:
        `githubRepository is ${REPOSITORY_PLACEHOLDER}: set your own in apps/infra/src/config/project.ts, ` +
        `from which the pipelines are made.`,
    },
  };
}

/** A connection waits (PENDING) until somebody allows it once in the console. */
function connectionSource({ stack, project }: GlobalContext): Access {
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
        // The service was renamed, and a connection's ARN has either name, by when and how it was made.
        actions: ['codestar-connections:UseConnection', 'codeconnections:UseConnection'],
        resources: [connection.arn],
      },
    ],
  };
}

/**
 * A personal access token. Terraform hands it to CodePipeline, so it is in the state too, which is why that bucket
 * is encrypted and closed; a connection has no secret at all and is the better choice.
 */
function tokenSource({ stack, project }: GlobalContext): Access {
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
