# One image for both programs: the lease API by default, the fileserver adapter with
#   docker run … IMAGE dist/apps/fileserver/src/main.js --stack posix --export NAME=DIR --listen HOST:PORT --api HOST:PORT

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages packages
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY libs libs
COPY apps apps
COPY scripts/build-console.mjs scripts/
# Links to the packages of this repository would lead nowhere; nothing runs commands of others.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/leasehold node_modules/@leasehold node_modules/.bin

# The same Debian as above: lmdb and koffi bring binaries for its C library.
FROM node:24-bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Leasehold" \
      org.opencontainers.image.description="A lease and delegation arbitration service for a cluster" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/libs/contracts/proto libs/contracts/proto
COPY LICENSE scripts/healthcheck.mjs scripts/process-one.cjs ./
# For LEASEHOLD_TABLE=embedded:./data, the default. An embedded table belongs to one process: mount a volume, run one.
# Once the volume has a table, LEASEHOLD_NEW_TABLE=refuse notices a container that was started without it.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 8080 8081
# For both programs: it looks which of them runs.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "healthcheck.mjs"]
# Room for new objects, in MB: with a million leases held, collecting garbage so often costs a quarter of the processor.
ENTRYPOINT ["node", "--max-semi-space-size=64", "--require", "/app/process-one.cjs"]
CMD ["dist/apps/lease-api/src/main.js"]
