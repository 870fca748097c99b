# Standings in a container: answers on $PORT (8000; a Space of the Hub wants 7860), writes to /data alone, and begins with the
# sample where /data is empty.

FROM python:3.13-slim AS build
WORKDIR /src
# All that the lock names is fetched and checked against its hashes; of that, pip then takes what running needs.
COPY requirements.lock .
RUN pip download --no-cache-dir --require-hashes --dest /wheels --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY etl etl
COPY warehouse warehouse
RUN python -m venv /opt/standings \
    && /opt/standings/bin/pip install --no-cache-dir --no-index --find-links /wheels .

FROM python:3.13-slim
RUN useradd --uid 1000 --create-home standings && install --directory --owner 1000 --group 1000 /data
COPY --from=build /opt/standings /opt/standings
ENV PATH=/opt/standings/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=8000 \
    STANDINGS_DATA_DIR=/data \
    STANDINGS_HOST=0.0.0.0
USER 1000
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
CMD ["sh", "-c", "[ -e \"$STANDINGS_DATA_DIR/current\" ] && command=serve || command=demo; exec standings $command --port \"$PORT\""]
