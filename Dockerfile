# One image for all processes: `docker run IMAGE web`, worker, beat, predictor or release.

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.txt ./
COPY requirements ./requirements
COPY bin/post_compile ./bin/post_compile
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && bin/post_compile "$(/venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --no-create-home site
# Owned by the user that runs it: the kernel lets only a file's owner hand its pages back, and the
# predictor hands back TensorFlow's. compose.yaml mounts all of it read-only.
COPY --from=packages --chown=site:site /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    NUMEXPR_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    TF_NUM_INTRAOP_THREADS=1 \
    TF_NUM_INTEROP_THREADS=1 \
    MALLOC_ARENA_MAX=2 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PORT=8000 \
    VAR_DIR=/app/var
RUN SECRET_KEY=only-to-collect ALLOWED_HOSTS=localhost python manage.py collectstatic --no-input \
    && python -m compileall -q dyno predictor weatheralert weatherapp \
    && python -m predictor.verify \
    && mkdir -p var && chown site:site var
USER site
EXPOSE 8000
ENTRYPOINT ["bin/process"]
CMD ["web"]
