ARG NODE=20
FROM --platform=linux/amd64 node:${NODE}-alpine AS base
ARG HTTP_TIMEOUT=30
ENV NODE_ENV=production TIMEOUT=${HTTP_TIMEOUT:-10}
WORKDIR /app
COPY --exclude=*.md --parents package.json pkgs/*/package.json ./
FROM base AS deps
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc,required=true --mount=type=bind,from=base,source=/app,target=/base npm ci --omit=dev
FROM deps AS build
ENV NODE_ENV=development
RUN npm ci
RUN npm run build -- --flag="some value"
RUN test -f dist/index.js
FROM base
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=2 /app/LICENSE /LICENSE
COPY --from=nginx:1.27 /etc/nginx/mime.types /etc/
USER node
HEALTHCHECK --interval=1m CMD ["node", "check.js"]
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT node
CMD ["dist/index.js"]
