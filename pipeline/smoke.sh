#!/usr/bin/env bash
# Sends an environment what its API must refuse and one order, which must come to its end.
set -euo pipefail
. pipeline/settings.sh

environment="${1:?usage: pipeline/smoke.sh ENVIRONMENT}"
: "${API_URL:?API_URL is not set: run pipeline/deploy.sh first, or set it to the URL of the API}"
npx dofs test smoke --env "$environment" --api-url "$API_URL"
