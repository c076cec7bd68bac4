#!/usr/bin/env bash
# Installs what package-lock.json does not pin: Terraform, of one version and one checksum. (Node comes with `npm ci`
# and is checked by check-node.sh.)
set -euo pipefail

terraform_version=1.11.4
# From HashiCorp's signed terraform_1.11.4_SHA256SUMS, the line of linux_amd64.
terraform_sha256=1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc
terraform_url="${TERRAFORM_MIRROR:-https://releases.hashicorp.com/terraform}/$terraform_version/terraform_${terraform_version}_linux_amd64.zip"

if terraform version 2>/dev/null | grep -qx "Terraform v$terraform_version"; then
  echo "terraform $terraform_version is there"
  exit 0
fi
tools="${TOOLS_DIR:-$PWD/.tools}"
mkdir -p "$tools"
archive="$(mktemp)"
trap 'rm -f "$archive"' EXIT
curl --fail --silent --show-error --location --retry 3 --output "$archive" "$terraform_url"
if ! echo "$terraform_sha256  $archive" | sha256sum --check --status; then
  echo "terraform $terraform_version: the download's checksum is wrong, nothing was installed" >&2
  exit 1
fi
unzip -q -o "$archive" terraform -d "$tools"
echo "terraform $terraform_version installed in $tools"
