#!/usr/bin/env bash
# Deploys one environment's stack and exports its URL to the steps after.
set -euo pipefail
. pipeline/settings.sh

environment="${1:?usage: pipeline/deploy.sh ENVIRONMENT}"
stack="$(stack_of "$environment")"
npx cdktf deploy "$stack" --auto-approve --outputs-file "outputs-$environment.json"
. pipeline/export-url.sh "$environment"
