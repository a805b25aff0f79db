# syntax: any builder with BuildKit, also one that can pull no frontend.
#
#   docker build --tag nomnom .
#
# A registry of one's own, and its certificates, come as secrets, which no layer keeps:
#
#   docker build --secret id=npmrc,src=$HOME/.npmrc --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt --tag nomnom .
#
# An image for another platform needs no emulation: `docker buildx build --platform linux/arm64 .` runs every step on the machine's own.
#
# docs/decisions/0029-image.md says why it is as it is.

# The packages that run, in a place of their own. They depend on the lock file only, so a change of a source installs nothing again.
# No script of a package runs. npm keeps what it fetched in a cache of the builder, which no layer has. None of them is made for one
# processor (test/docs/image.test.ts), so the builder's own platform installs them, and builds, for all platforms.
FROM --platform=$BUILDPLATFORM node:24 AS packages
WORKDIR /image/opt/nomnom
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc --mount=type=secret,id=ca --mount=type=cache,target=/var/cache/npm \
    NODE_EXTRA_CA_CERTS=/run/secrets/ca NPM_CONFIG_USERCONFIG=/run/secrets/npmrc NODE_NO_WARNINGS=1 NPM_CONFIG_CACHE=/var/cache/npm \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM --platform=$BUILDPLATFORM node:24 AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc --mount=type=secret,id=ca --mount=type=cache,target=/var/cache/npm \
    NODE_EXTRA_CA_CERTS=/run/secrets/ca NPM_CONFIG_USERCONFIG=/run/secrets/npmrc NODE_NO_WARNINGS=1 NPM_CONFIG_CACHE=/var/cache/npm \
    npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm sbom --package-lock-only --sbom-format=cyclonedx >dist/sbom.json

# The packages and the bundle, as the image gets them: one layer.
FROM packages AS tree
# Files get this time, so that two builds of one commit give the same layer.
ARG SOURCE_DATE_EPOCH=0
RUN --mount=type=bind,from=build,source=/build,target=/build \
    node /build/packaging/image-tree.ts /build /image "$SOURCE_DATE_EPOCH"

# Nothing runs in this stage, which is of the image's platform.
FROM node:24-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="nomnom" \
      org.opencontainers.image.description="A declarative ingestion runtime for Postgres: one checked file from HTTP to rows" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=tree /image/ /
ENV NODE_ENV=production PATH=/opt/nomnom/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PORT=8080
WORKDIR /pipeline
USER 65532:65532
EXPOSE 8080
# Of `run`; the other commands end before it is asked. On a busy machine, a Node that asks needs seconds to start.
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["node", "/opt/nomnom/health.js"]
ENTRYPOINT ["nomnom"]
CMD ["--help"]
