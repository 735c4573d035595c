#!/bin/sh
# The tests drive Debian's Chromium and put nginx in front: install what is missing and we may.
set -eu
missing=""
command -v chromium >/dev/null || missing="chromium fonts-dejavu-core"
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
if ! command -v apt-get >/dev/null; then
  echo "The tests need these on the PATH, please install them: $missing" >&2
  exit 0
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086 (several words on purpose)
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
