# One image for the web server, the workers and the clock; docker-compose.yml gives each its command.
FROM python:3.13-slim-trixie AS build
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# The demo models and the test tools stay out: servers connect their own models.
RUN uv sync --locked --no-group demo --no-group dev --no-install-project
COPY . .
# The key of this step signs nothing: static files need none, the settings ask for one.
RUN CONSO_SECRET_KEY=unused CONSO_STATE_DIR=/app/state .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin conso
WORKDIR /app
# Owned by root: what runs cannot change what it runs.
COPY --from=build /app /app
USER 10001
ENV PATH=/app/.venv/bin:$PATH CONSO_STATE_DIR=/app/state PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
CMD ["uvicorn", "conso_duel.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--http", "conso_duel.http_protocol:BoundedProtocol", "--ws", "none"]
