"""Models and observations that the tests make."""

import json
import shutil

import pytest

from predictor import config, registry
from tests.predictor.synthetic import EAST_HILL, WEST_BAY, make_rows, write_observations

RAIN_MINI = config.MODELS_FOLDER / "rain_mini"


@pytest.fixture(scope="module")
def observations(tmp_path_factory):
    """A folder with two stations far from each other, a file each."""
    folder = tmp_path_factory.mktemp("observations")
    write_observations(folder / "east.csv.gz", make_rows(EAST_HILL, days=150, seed=1))
    write_observations(folder / "west.csv.gz", make_rows(WEST_BAY, days=120, seed=2))
    return folder


@pytest.fixture
def models_folder(tmp_path):
    """A copy of the shipped default model that a test may spoil."""
    shutil.copytree(RAIN_MINI, tmp_path / "rain_mini")
    return tmp_path


@pytest.fixture
def two_models(models_folder):
    """The shipped model under two names."""
    shutil.copytree(models_folder / "rain_mini", models_folder / "rain_other")
    path = models_folder / "rain_other" / registry.MANIFEST_NAME
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "name": "rain_other"}))
    return models_folder


@pytest.fixture
def spoil_manifest(models_folder):
    """Change fields of the manifest."""
    path = models_folder / "rain_mini" / registry.MANIFEST_NAME

    def spoil(**changes):
        record = json.loads(path.read_text())
        path.write_text(json.dumps({**record, **changes}))
        return models_folder

    return spoil
