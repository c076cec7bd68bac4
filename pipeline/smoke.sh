#!/usr/bin/env bash
# Sends an environment what its API must refuse and one order, which must come to its end. API_AUTHORIZATION says how
# the API lets callers in: NONE (also where it isn't set), API_KEY (the key in DOFS_API_KEY, or else that of API_KEY_ID)
# or AWS_IAM (with our own credentials).
set -euo pipefail
. pipeline/settings.sh

environment="${1:?usage: pipeline/smoke.sh ENVIRONMENT}"
: "${API_URL:?API_URL is not set: run pipeline/deploy.sh first, or set it to the URL of the API}"
authorization=()
case "${API_AUTHORIZATION:-NONE}" in
  NONE) ;;
  API_KEY)
    if [ -z "${DOFS_API_KEY:-}" ]; then
      : "${API_KEY_ID:?API_KEY_ID is not set: the id of the API key, or else the key itself in DOFS_API_KEY}"
      DOFS_API_KEY="$(aws apigateway get-api-key --api-key "$API_KEY_ID" --include-value --query value --output text)"
      export DOFS_API_KEY
    fi
    ;;
  AWS_IAM) authorization=(--sign) ;;
  *)
    echo "API_AUTHORIZATION is \"$API_AUTHORIZATION\": must be NONE, API_KEY or AWS_IAM" >&2
    exit 1
    ;;
esac
npx dofs test smoke --env "$environment" --api-url "$API_URL" ${authorization[@]+"${authorization[@]}"}
