# The whole of MoodRec in one image: `docker build -t moodrec .`, then
# `docker run -p 5000:5000 -v moodrec:/config moodrec` runs everything and prints the link to open.
#
# For builds that are the same byte by byte, name the base with its digest:
# `--build-arg PYTHON=python:3.13-slim@sha256:...`
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
RUN python -m venv --without-pip /venv
COPY requirements.txt /
RUN pip --python /venv/bin/python install --require-hashes --only-binary :all: \
        --no-cache-dir --no-compile --disable-pip-version-check --requirement /requirements.txt \
    && find /venv -type d -name tests -prune -exec rm -r {} + \
    && python -m compileall -qq --invalidation-mode unchecked-hash /venv
COPY . /app
RUN python -m compileall -q --invalidation-mode unchecked-hash /app

FROM ${PYTHON}
# Whatever user the container is given may fill a fresh volume; none may touch another's files.
RUN install -d -o 10001 -g 10001 -m 1777 /config
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/config \
    PORT=5000
WORKDIR /app
USER 10001:10001
VOLUME /config
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; web = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); web.request('GET', '/healthz'); sys.exit(web.getresponse().status != 200)"]
CMD ["python", "manage.py", "up"]
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="MoodRec" \
      org.opencontainers.image.description="Tonight's one to three titles from your own Plex library, by mood" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
