#!/bin/sh
# Link the program's jar into a Java runtime of its own: no jar to open or to look for at a start, nothing that depends on where the
# folder lies or on the times of its files.
#
# usage: sh packaging/image.sh JAR FOLDER, with JAVA_HOME
set -eu
here=$(CDPATH='' cd -P "$(dirname "$0")" && pwd -P)
jar=$1 folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin=$JAVA_HOME/bin

cp "$jar" "$work/plimsoll.jar"
# Natives of other systems, what only other readers of jars use, and service files, which the descriptor replaces. Of the client for
# Redis Plimsoll uses the connection, not the commands, which need Gson and JSON.
case $(uname -m) in
  x86_64) other=aarch64 ;;
  aarch64) other=x86_64 ;;
  *) echo "error: no package for $(uname -m)" >&2 && exit 11 ;;
esac
# SignalHandlers reaches jdk.unsupported by reflection, which jdeps does not see.
modules=$("$bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 25 "$jar"),jdk.unsupported
"$bin/java" "$here/ModuleInfo.java" "$jar" "$modules" >"$work/module-info.java"
python3 "$here/slim.py" "$work/plimsoll.jar" "org/sqlite/native/Linux/$other/" org/sqlite/native/Linux-Musl/ \
  META-INF/versions/ META-INF/services/ META-INF/maven/ com/google/gson/ org/json/ \
  redis/clients/jedis/search/ redis/clients/jedis/timeseries/ redis/clients/jedis/json/ redis/clients/jedis/bloom/ \
  redis/clients/jedis/mcf/ redis/clients/jedis/Jedis.class redis/clients/jedis/UnifiedJedis.class \
  redis/clients/jedis/PipeliningBase.class redis/clients/jedis/CommandObjects.class
"$bin/javac" -Xlint:-module --patch-module "plimsoll=$work/plimsoll.jar" -d "$work" "$work/module-info.java"
version=$(sed -n '/<artifactId>plimsoll</,/<version>/s/.*<version>\(.*\)<.*/\1/p' "$here/../pom.xml")
"$bin/jar" --update --file "$work/plimsoll.jar" --main-class dev.plimsoll.cli.Main --module-version "$version" \
  --date 2026-01-01T00:00:00Z -C "$work" module-info.class

mkdir -p "$folder/bin"
"$bin/jlink" --module-path "$work/plimsoll.jar" --add-modules plimsoll --no-header-files --no-man-pages --strip-debug \
  --compress=zip-0 --output "$folder/runtime"
strip --strip-unneeded "$folder/runtime/lib/server/libjvm.so"
rm -f "$folder/runtime/bin/keytool" "$folder/runtime/lib/jexec" "$folder/runtime/lib/classlist" "$folder/runtime/lib/jrt-fs.jar"
# Wheels hold no links: these point to the files of java.base.
find "$folder/runtime/legal" -type l -delete
cp "$here/../bin/lib/early.sh" "$here/../bin/lib/start.sh" "$here/../LICENSE" "$folder/"
"$folder/runtime/bin/java" -Xshare:auto -m plimsoll generate "$folder/share"
cp "$here/launcher.sh" "$folder/bin/plimsoll"
chmod 755 "$folder/bin/plimsoll"
