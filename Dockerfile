# One image an app:  docker build --target auth -t signet-auth .   and   --target business
# Pin the base image by digest in a deployment:  --build-arg NODE_IMAGE=node:26-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:26-bookworm-slim

# Apps and libraries are workspaces: what to install is in their package.json too.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /workspace
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /workspace
COPY --from=manifests /workspace ./
RUN npm ci
COPY . .
RUN npm run build

# The built files hold every package but native code and the OpenAPI page, whose one bundle is enough.
FROM build AS packages
RUN cd node_modules/swagger-ui-dist && rm -f *.map *es-bundle* *-preset.js swagger-ui.js log.* \
  && find /workspace/dist \( -name '*.map' -o -name 'dev-postgres.*' -o -name '*_snapshot.json' \) -delete

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY package.json ./
COPY --from=packages /workspace/node_modules/swagger-ui-dist node_modules/swagger-ui-dist
USER node
# `node` is process 1 and handles SIGTERM itself: readiness turns, requests in flight finish, then it ends.
CMD ["node", "main.js"]
# Whether the process lives: a database that is away is no reason to restart the service.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

FROM runtime AS auth
ENV PORT=3000
EXPOSE 3000
COPY --from=packages /workspace/node_modules/@node-rs node_modules/@node-rs
COPY --from=packages /workspace/dist/apps/auth ./

FROM runtime AS business
ENV PORT=3001
EXPOSE 3001
COPY --from=packages /workspace/dist/apps/business ./
