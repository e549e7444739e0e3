"""`python -m predictor.verify`: are the shipped models whole? Part of the release phase.

Models are in the slug or image, never downloaded at run time; a file that was altered or lost on
the way must stop the release, not the first prediction.
"""

from __future__ import annotations

import sys

from predictor import config
from predictor.registry import ArtefactError, NoModelError, check_export, find_model, list_models


def verify() -> list[str]:
    """A line for each model. Raises ArtefactError, NoModelError."""
    names = list_models(config.MODELS_FOLDER)
    if not names:
        raise NoModelError(f"no trained model in {config.MODELS_FOLDER}")
    lines = []
    for name in names:
        manifest = find_model(config.MODELS_FOLDER, name)
        files = sum(len(check_export(manifest, export)) for export in manifest.exports)
        lines.append(f"{manifest.name} {manifest.version}: {files} files as its manifest says")
    return lines


if __name__ == "__main__":
    try:
        sys.stdout.write("\n".join(verify()) + "\n")
    except (ArtefactError, NoModelError) as error:
        sys.exit(f"The models are not fit for release: {error}")
