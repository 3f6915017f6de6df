# The desk as an image: `serve`, `worker` and every other command. compose.yaml puts it beside a Postgres.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/switchboard
COPY requirements-serve.lock ./
RUN /opt/switchboard/bin/pip install --no-cache-dir --require-hashes -r requirements-serve.lock
COPY pyproject.toml README.md LICENSE OAI_CONFIG_LIST.example switchboard.toml ./
COPY switchboard switchboard
COPY agents agents
COPY groupchats groupchats
COPY tools tools
COPY scenarios scenarios
RUN /opt/switchboard/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home switchboard
COPY --from=build /opt/switchboard /opt/switchboard
ENV PATH=/opt/switchboard/bin:$PATH PYTHONUNBUFFERED=1 SWITCHBOARD_DATA=/data SWITCHBOARD_LOG=json
USER switchboard
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ready', timeout=8)"]
ENTRYPOINT ["switchboard"]
# On 0.0.0.0 it does not start before somebody has an account: `users add NAME --role admin`.
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
