#!/usr/bin/env bash
# Applies the very plan that was approved, from the artifact of the plan step, and exports the URL.
set -euo pipefail
. pipeline/settings.sh

environment="${1:?usage: pipeline/apply.sh ENVIRONMENT}"
folder="$(folder_of "$environment")"
# CodeBuild unpacks the artifact named "plan" into a folder of its own; on a laptop the plan is where it was made.
if [ -n "${CODEBUILD_SRC_DIR_plan:-}" ]; then
  mkdir -p cdktf.out
  cp -a "$CODEBUILD_SRC_DIR_plan/cdktf.out/." cdktf.out/
fi
if [ ! -f "$folder/plan.tfplan" ]; then
  echo "there is no plan in $folder: run pipeline/plan.sh $environment first" >&2
  exit 1
fi
terraform -chdir="$folder" init -input=false
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! terraform -chdir="$folder" apply -input=false plan.tfplan 2>&1 | tee "$log"; then
  if grep -q 'Saved plan is stale' "$log"; then
    echo "the approved plan went stale: something changed $(stack_of "$environment") since it was made; nothing was applied, start the pipeline again" >&2
  fi
  exit 1
fi
. pipeline/export-url.sh "$environment"
