#!/usr/bin/env bash
# Tests what the commit affects since its branch left main. Everything on main itself, which goes to prod, and where
# there is no history to tell by (a source without .git, a branch that has nothing in common with main).
set -euo pipefail
. pipeline/settings.sh

test_everything() {
  echo "$1: testing everything"
  exec npx nx run-many -t test,system-test
}

if ! git rev-parse --git-dir >/dev/null 2>&1; then
  test_everything 'no history here'
fi
main="${MAIN_BRANCH:-main}"
git fetch --quiet origin "$main" 2>/dev/null || echo "origin/$main can not be fetched: comparing with what is here"
base="$(git merge-base "origin/$main" HEAD 2>/dev/null || true)"
if [ -z "$base" ]; then
  test_everything "no common history with origin/$main"
fi
if [ "$base" = "$(git rev-parse HEAD)" ]; then
  test_everything "this commit is on $main"
fi
echo "testing what changed since $base"
npx nx affected -t test,system-test --base="$base" --head=HEAD
