# The image of the service: a program that needs libpq and nothing else of Swift's, under an account
# without rights. `docker compose up` builds it; docker-compose.yml says how it is run.

# The toolchain.
FROM swift:6.3-bookworm AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libpq-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# Swift's own libraries go into the program; a second build finds the first one's work in the cache.
RUN --mount=type=cache,target=/build/.build \
  swift build --configuration release --product cathlog --static-swift-stdlib -Xlinker --strip-all \
  && install -D --target-directory /built/bin \
    "$(swift build --configuration release --show-bin-path)/cathlog"

# What runs.
FROM debian:bookworm-slim
# libpq5 talks to PostgreSQL, ca-certificates check its certificate, tzdata knows the lab's days.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates libpq5 tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 cathlog \
  && useradd --uid 10001 --gid cathlog --home-dir /nonexistent --no-create-home \
    --shell /usr/sbin/nologin cathlog
COPY --from=build /built/bin/cathlog /usr/local/bin/cathlog
USER 10001:10001
# Within a container only the container's own addresses lead here: what is published decides who comes.
ENV CATHLOG_HOST=0.0.0.0 CATHLOG_PORT=8080
EXPOSE 8080
# SIGTERM ends it gracefully: see stop_grace_period in docker-compose.yml.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["cathlog", "health"]
ENTRYPOINT ["cathlog"]
CMD ["serve"]
