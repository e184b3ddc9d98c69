# glibc, not Alpine: ONNX Runtime does not run on musl. The content is made by `npm run bundle`, which CI starts too.
# Node 24.18: better-sqlite3 12 that is compiled with later headers of Node 24 can abort (nodejs/node issue 65446).
FROM node:24.18.1-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY scripts/check-native-modules.mjs scripts/
RUN npm ci
COPY . .
RUN npm run bundle

FROM node:24.18.1-bookworm-slim
WORKDIR /app
COPY --from=build /build/bundle ./
COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
RUN mkdir /data && chown node:node /data
# One malloc arena: measured, 7 MB less anonymous memory. The compile cache is filled here, so that every start uses it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATABASE_PATH=/data/tastematch.db MALLOC_ARENA_MAX=1 \
    NODE_COMPILE_CACHE=/app/.compile-cache
RUN DATABASE_PATH=/tmp/warm.db HOST=127.0.0.1 PORT=0 timeout --signal=TERM 5 node dist/src/main.js serve >/dev/null; \
    rm -f /tmp/warm.db* /tmp/verified-model-files.json
EXPOSE 8080
# Starts as root only to hand a freshly mounted volume to the user `node`, under which everything runs.
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node", "dist/src/main.js", "serve"]
