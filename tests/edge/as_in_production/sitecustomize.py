"""What Python reads first in web processes of these tests: they load what production's would.

Celery's parts load some packages wherever they happen to be installed. Here the tests need these; a
site has them not, and measuring its memory with 4 MB of them would say nothing of it.
"""

import sys

for name in ("cffi", "yaml"):
    sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails as if it were not there
