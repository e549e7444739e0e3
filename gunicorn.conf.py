"""What gunicorn cannot be told on the Procfile's line."""

from pathlib import Path

# The workers' heartbeat file must not wait for a disk; macOS has no such folder.
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes its own unnamed file there
    worker_tmp_dir = "/dev/shm"  # noqa: S108
