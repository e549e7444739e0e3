"""The predictor's part of the environment."""

import pytest

from predictor import config

NUMBERS = {
    "PREDICTOR_IDLE_SECONDS": (config.read_idle_s, 900.0),
    "PREDICTOR_MAX_REQUESTS": (config.read_max_requests, 0.0),
    "PREDICTOR_MAX_MEMORY_MB": (config.read_max_memory_mb, 0.0),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", [None, ""])
def test_unset_and_empty_mean_the_default(monkeypatch, name, text):
    read, default = NUMBERS[name]
    if text is None:
        monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv(name, text)

    assert read() == default


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_taken(monkeypatch, name):
    monkeypatch.setenv(name, "12.5")

    assert NUMBERS[name][0]() == 12.5


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["soon", "-1", "inf", "nan", "1 000"])
def test_what_is_no_such_number_is_refused_by_name(monkeypatch, name, text):
    monkeypatch.setenv(name, text)

    with pytest.raises(config.SettingError, match=f"{name} must be a number"):
        NUMBERS[name][0]()


def test_names_are_taken_as_they_are(monkeypatch):
    monkeypatch.setenv("DEFAULT_MODEL", "rain_other")
    monkeypatch.setenv("PREDICTOR_RUNTIME", "litert")

    assert config.read_default_model() == "rain_other"
    assert config.read_runtime() == "litert"
