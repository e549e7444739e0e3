"""Environment variables that keep every process small; they must be set before it starts."""

from __future__ import annotations

ENVIRONMENT = {
    # Numeric libraries start a thread a core, each with a stack and an arena of its own.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    # The C library keeps freed memory in arenas: two instead of eight a core.
    "MALLOC_ARENA_MAX": "2",
    # A line of the log must not wait in a buffer while the process dies.
    "PYTHONUNBUFFERED": "1",
}
