# One image for the web server, the workers and the beat; the command decides.
FROM python:3.11-slim AS build
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# The demo models and the test tools stay out: servers connect their own models.
RUN uv sync --locked --no-group demo --no-group dev --no-install-project
COPY . .
RUN CONSO_SECRET_KEY=only-for-this-step CONSO_STATE_DIR=/app/state .venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 conso
WORKDIR /app
COPY --from=build --chown=conso:conso /app /app
USER conso
ENV PATH=/app/.venv/bin:$PATH CONSO_STATE_DIR=/app/state PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["uvicorn", "conso_duel.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--loop", "uvloop"]
