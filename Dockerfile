# The wheel and its dependencies are installed in a first image; the second holds the result alone.
# `--build-arg EXTRAS=photo` adds what reads photographs of lab slips, locked in requirements-photo.txt.
FROM python:3.13-slim AS build
ARG EXTRAS=
WORKDIR /build
RUN python -m venv /opt/prescreen
COPY requirements*.txt .
RUN /opt/prescreen/bin/pip install --no-cache-dir --require-hashes -r "requirements${EXTRAS:+-$EXTRAS}.txt"
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist . \
    && /opt/prescreen/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Prescreen" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/prescreen/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PRESCREEN_DATABASE=/data/prescreen.db \
    PRESCREEN_WEB=0.0.0.0:8080
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin prescreen \
    && install -d -o prescreen -g prescreen -m 700 /data
COPY --from=build /opt/prescreen /opt/prescreen
USER prescreen
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["prescreen", "db", "check"]
ENTRYPOINT ["prescreen"]
CMD ["serve"]
