#!/usr/bin/env bash
# Lints and tests what the commit affects; everything where there is no history to tell by (a source without .git).
set -euo pipefail
. pipeline/settings.sh

if ! git rev-parse --git-dir >/dev/null 2>&1; then
  echo 'no history here: testing everything'
  exec npx nx run-many -t test
fi
main="${MAIN_BRANCH:-main}"
git fetch --quiet origin "$main" 2>/dev/null || echo "origin/$main can not be fetched: comparing with what is here"
base="$(git merge-base "origin/$main" HEAD 2>/dev/null || true)"
# On main itself: since the commit before, a merge's first parent.
if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
  base="$(git rev-parse HEAD~1 2>/dev/null || true)"
fi
if [ -z "$base" ]; then
  echo 'the first commit: testing everything'
  exec npx nx run-many -t test
fi
echo "testing what changed since $base"
npx nx affected -t test --base="$base" --head=HEAD
