# Two stages: the first installs the locked packages and prepares static files and translations, the second
# holds only what runs.
FROM python:3.13.9-slim-trixie AS build

ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy
WORKDIR /app
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /venv \
    && pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-uv.lock \
    && uv pip sync --no-cache --python /venv/bin/python --require-hashes requirements.lock
COPY . .
# Neither step talks to a database; the settings only want to see the words.
RUN export SECRET_KEY=used-while-the-image-is-built-and-never-again-after DATABASE_URL=postgres://nobody@localhost/none \
    && /venv/bin/python -m supportdesk.catalogue compile \
    && STATIC_ROOT=/static /venv/bin/python manage.py collectstatic --noinput --verbosity=0 \
    && /venv/bin/python -m compileall -q accounts notifications sla supportdesk tickets


FROM python:3.13.9-slim-trixie

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    READ_ENV_FILES=0 \
    STATIC_ROOT=/static \
    MEDIA_ROOT=/data/media \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin desk \
    && mkdir -p /data/media && chown -R desk:desk /data
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
WORKDIR /app
USER desk
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "docker/probe.py"]
CMD ["docker/web"]
