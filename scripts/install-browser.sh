#!/bin/sh
# The browser tests drive Debian's Chromium: install it where it is missing and we may.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium: install it and put it on the PATH." >&2
  exit 0
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
