"""What a manifest promises is checked before a byte of it is used."""

import pytest

from predictor import config, registry
from predictor.runtimes import RUNTIMES

SAVED_MODEL = "saved_model"


def first_file(models_folder):
    manifest = registry.find_model(models_folder, "rain_mini")
    return manifest.folder / manifest.exports[SAVED_MODEL][0].path


@pytest.mark.parametrize("name", registry.list_models(config.MODELS_FOLDER))
def test_every_shipped_file_is_what_its_manifest_says(name):
    manifest = registry.find_model(config.MODELS_FOLDER, name)

    assert manifest.name == name
    for export in manifest.exports:
        assert registry.check_export(manifest, export)


@pytest.mark.parametrize("name", registry.list_models(config.MODELS_FOLDER))
def test_nothing_is_shipped_that_no_runtime_serves(name):
    manifest = registry.find_model(config.MODELS_FOLDER, name)
    listed = {file.path for files in manifest.exports.values() for file in files}
    found = {
        path.relative_to(manifest.folder).as_posix()
        for pattern in ("*.tflite", "saved_model/**/*")
        for path in manifest.folder.glob(pattern)
        if path.is_file()
    }

    assert set(manifest.exports) == {entry.export for entry in RUNTIMES.values()}
    assert found == listed
    assert (manifest.folder / registry.MANIFEST_NAME).stat().st_size < 10_000


def test_the_default_model_is_shipped():
    assert config.DEFAULT_MODEL in registry.list_models(config.MODELS_FOLDER)


def test_an_altered_artefact_is_refused(models_folder):
    path = first_file(models_folder)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(registry.ArtefactError, match=f"{path.name}: altered"):
        registry.check_export(registry.find_model(models_folder, "rain_mini"), SAVED_MODEL)


def test_a_truncated_artefact_is_refused(models_folder):
    path = first_file(models_folder)
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(registry.ArtefactError, match=f"{path.name}: .* bytes, the manifest says"):
        registry.check_export(registry.find_model(models_folder, "rain_mini"), SAVED_MODEL)


def test_a_missing_artefact_is_refused(models_folder):
    path = first_file(models_folder)
    path.unlink()

    with pytest.raises(registry.ArtefactError, match=f"{path.name}: missing"):
        registry.check_export(registry.find_model(models_folder, "rain_mini"), SAVED_MODEL)


def test_an_export_that_is_not_there_is_refused(models_folder):
    manifest = registry.find_model(models_folder, "rain_mini")

    with pytest.raises(registry.ArtefactError, match="no export 'crystal_ball'"):
        registry.check_export(manifest, "crystal_ball")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"schema_version": 99}, "made for schema 99", id="other schema"),
        pytest.param({"features": ["temperature_f"]}, "not the contract's", id="other features"),
        pytest.param({"exports": None}, "not a readable manifest", id="no exports"),
        pytest.param({"exports": {"saved_model": [{}]}}, "not a readable", id="no sha256"),
    ],
)
def test_a_manifest_that_breaks_the_agreement_is_refused(spoil_manifest, changes, message):
    models_folder = spoil_manifest(**changes)

    with pytest.raises(registry.ArtefactError, match=message):
        registry.find_model(models_folder, "rain_mini")


def test_a_manifest_that_is_no_json_is_refused(models_folder):
    (models_folder / "rain_mini" / registry.MANIFEST_NAME).write_text('{"name": "rain')

    with pytest.raises(registry.ArtefactError, match=r"manifest\.json"):
        registry.find_model(models_folder, "rain_mini")


def test_a_manifest_cannot_point_outside_its_folder(spoil_manifest, tmp_path):
    (tmp_path / "secret").write_text("x")
    path = {"path": "../secret", "sha256": "0", "size_bytes": 1}
    models_folder = spoil_manifest(exports={"saved_model": [path]})

    with pytest.raises(registry.ArtefactError, match="outside"):
        registry.check_export(registry.find_model(models_folder, "rain_mini"), SAVED_MODEL)


def test_no_model_at_all_has_its_own_name(tmp_path):
    with pytest.raises(registry.NoModelError, match="no trained model"):
        registry.find_model(tmp_path, "rain_mini")


@pytest.mark.parametrize("name", ["snow", "../rain_mini", "", "rain_mini/"])
def test_an_unknown_model_is_told_apart(models_folder, name):
    with pytest.raises(registry.UnknownModelError, match="there are: rain_mini"):
        registry.find_model(models_folder, name)
