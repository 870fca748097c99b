# Standings in a container: answers on $PORT (without one on 7860 in a Space of the Hub, else on 8000), writes to /data alone, and
# begins with the sample where /data is empty. `.ci/image.py` runs these stages in order where there is no Docker.

FROM node:22-slim AS page
WORKDIR /src/api/web
COPY api/web/package.json api/web/package-lock.json api/web/.npmrc ./
RUN npm ci
COPY schema.graphql /src/
COPY docs/pages /src/docs/pages
COPY api/pages /src/api/pages
COPY api/web ./
RUN npm run build

FROM python:3.13-slim AS build
WORKDIR /src
# All that the lock names is fetched and checked against its hashes; of that, pip then takes what running needs.
COPY requirements.lock ./
RUN pip download --quiet --no-cache-dir --require-hashes --dest wheels --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY etl etl
COPY warehouse warehouse
COPY --from=page /src/api/pages/built api/pages/built
RUN python -m venv --without-pip /opt/standings \
    && pip --python /opt/standings/bin/python install --quiet --no-cache-dir --no-compile --no-index --find-links wheels .
# What only tests and compilers of the packages use stays behind, and Arrow's clients of other services.
RUN find /opt/standings/lib -depth \( -type d -name tests -o -path '*/pyarrow/include' -o -path '*/pyarrow/*flight*' \
    -o -path '*/pyarrow/*_s3*' \) -exec rm -r {} +
# The sample is built once: it shows that nothing is missing, and leaves the bytecode of what a start imports, which nobody may
# write later.
RUN /opt/standings/bin/standings demo --build-only --data-dir sample \
    && cd /opt && standings/bin/python -c 'import api.app, huggingface_hub.hf_api'

FROM python:3.13-slim
RUN install --directory --owner 1000 --group 1000 /data
COPY --from=build /opt/standings /opt/standings
ENV PATH=/opt/standings/bin:$PATH \
    HOME=/data \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STANDINGS_DATA_DIR=/data \
    STANDINGS_HOST=0.0.0.0
USER 1000
WORKDIR /data
EXPOSE 7860 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["sh", "-c", "port=${PORT:-${SPACE_ID:+7860}}; exec python -c 'import http.client, sys; asked = http.client.HTTPConnection(\"127.0.0.1\", int(sys.argv[1]), timeout=4); asked.request(\"GET\", \"/health\"); sys.exit(asked.getresponse().status != 200)' \"${port:-8000}\""]
CMD ["sh", "-c", "port=${PORT:-${SPACE_ID:+7860}}; [ -e \"$STANDINGS_DATA_DIR/current\" ] && command=serve || command=demo; exec standings $command --port \"${port:-8000}\""]
