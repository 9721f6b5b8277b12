# The page and the API in one, on port 8080:
#
#   docker build -t painting .
#   docker run -p 8080:8080 painting
#
# DEBIAN can name a digest: see docs/deploy.md.
ARG DEBIAN=debian:trixie-slim

FROM ${DEBIAN} AS python
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log

FROM python AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY deploy/install.sh deploy/build.lock deploy/requirements.lock deploy/
# A pip.conf, for those whose packages come from elsewhere, is used when given as a secret and stays out of the image.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=ca.pem \
    deploy/install.sh requirements /opt/painting
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN deploy/install.sh package /opt/painting

FROM python
COPY --from=build /opt/painting /opt/painting
COPY --chmod=755 deploy/healthy.sh /usr/local/bin/healthy
ENV PATH=/opt/painting/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536 \
    PAINTING_HOST=0.0.0.0 PAINTING_PORT=8080
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["healthy", "/readyz"]
ENTRYPOINT ["painting"]
CMD ["serve"]
