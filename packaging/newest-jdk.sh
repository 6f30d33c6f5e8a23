#!/bin/sh
# Fail when Adoptium has a newer release of the same Java than this version: packages carry the runtime, and its security fixes.
#
# usage: packaging/newest-jdk.sh VERSION, such as 25.0.5+9
set -eu
version=$1
feature=${version%%.*}
newest=$(curl -fsSL "https://api.adoptium.net/v3/assets/latest/$feature/hotspot?architecture=x64&image_type=jdk&os=linux" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["version"]["semver"])')
# A build number (+9) and the parts behind it do not make a security release.
mine=${version%%[+-]*}
theirs=${newest%%[+-]*}
if [ "$(printf '%s\n' "$mine" "$theirs" | sort -V | tail -n 1)" != "$mine" ]; then
  printf 'error: the JDK is %s, but %s is out\n\nhint: build with the newest release\n' "$version" "$newest" >&2
  exit 1
fi
printf 'JDK %s: the newest is %s\n' "$version" "$newest"
