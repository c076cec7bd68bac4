#!/usr/bin/env bash
# Plans one environment's stack, keeps the plan, and puts its summary into PLAN_SUMMARY for the approver.
set -euo pipefail
. pipeline/settings.sh

environment="${1:?usage: pipeline/plan.sh ENVIRONMENT}"
folder="$(folder_of "$environment")"
DOFS_ENVIRONMENT="$environment" npx cdktf synth
terraform -chdir="$folder" init -input=false
terraform -chdir="$folder" plan -input=false -out=plan.tfplan
terraform -chdir="$folder" show -json plan.tfplan >"$folder/plan.json"
node --disable-warning=ExperimentalWarning apps/infra/src/plan-summary/main.ts <"$folder/plan.json" | tee .plan-summary
# The plan itself holds every value; the JSON was only for the summary.
rm "$folder/plan.json"
