"""Django's mail folder, for nobody else's eyes: mails hold addresses and links that act."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased

from dyno.private_files import FILE_MODE, make_private_folder


class EmailBackend(filebased.EmailBackend):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        with suppress(OSError):  # Django looks again, and says what is wrong
            make_private_folder(Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH))
        super().__init__(*args, **kwargs)

    def open(self) -> bool:
        """Still empty when it becomes private."""
        is_new = bool(super().open())
        if is_new and self.stream is not None:
            Path(self.stream.name).chmod(FILE_MODE)
        return is_new
