# Sourced by every step: what CodeBuild was told, in the words of our commands. Harmless on a laptop.
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 FORCE_COLOR=0
export PATH="${TOOLS_DIR:-$PWD/.tools}:$PWD/node_modules/.bin:$PATH"
if [ -n "${PROJECT_NAME:-}" ]; then export DOFS_PROJECT_NAME="$PROJECT_NAME"; fi
if [ -n "${PROJECT_REGION:-}" ]; then export DOFS_REGION="$PROJECT_REGION" AWS_REGION="$PROJECT_REGION"; fi
if [ -n "${STATE_BUCKET:-}" ]; then export DOFS_STATE_BUCKET="$STATE_BUCKET"; fi

# As in CodeBuild or for one command; else what apps/infra/src/config/project.ts says.
project_name() {
  if [ -n "${DOFS_PROJECT_NAME:-}" ]; then
    printf '%s' "$DOFS_PROJECT_NAME"
  else
    node --disable-warning=ExperimentalWarning --input-type=module \
      --eval "import { PROJECT } from './apps/infra/src/config/project.ts'; process.stdout.write(PROJECT.projectName)"
  fi
}

# The stack of an environment, and the folder that CDKTF writes it to.
stack_of() { printf '%s-%s' "$(project_name)" "$1"; }
folder_of() { printf 'cdktf.out/stacks/%s' "$(stack_of "$1")"; }
