"""What readers read can be translated: all of it is in templates' tags or goes through gettext."""

from __future__ import annotations

from pathlib import Path

import pytest

import weatherapp
from tests.i18n.prose import find_prose, find_untagged, is_prose

APP = Path(weatherapp.__file__).parent
TEMPLATES = APP / "templates"
PACKAGES = (
    "admin",
    "alerting",
    "delivery",
    "display",
    "forecasting",
    "health",
    "models",
    "operations",
    "pages",
)
# Modules whose words are not for readers, and why.
LEFT_OUT = {
    "models/geocoding.py": "rows that no page shows",
    "models/score_histogram.py": "rows that no page shows",
    "models/skill.py": "rows that no page shows",
    "models/week_forecast.py": "rows that no page shows",
    "models/epoch.py": "SQL",
    "alerting/engine/diagram.py": "draws the documents' diagram",
    "delivery/attempt.py": "names of an enumeration",
    "health/texts.py": "English of the machines' answer; people get templates",
    "operations/local": "commands' output",
    "operations/metrics/catalogue.py": "English of the machines' answer",
    "pages/errors.py": "English of the machines' answer",
    "pages/metrics.py": "English of the machines' answer",
    "pages/problem_json.py": "English of the machines' answer",
    "pages/queue_view.py": "English of the machines' answer",
}
# Single texts that are none for readers: in logs, in rows that explain a failure to operators.
KNOWN = {
    "Confirmation of x",  # in the log
    "No try came to an end: see the worker's log.",
    "Nobody expects it any more.",
    "log in as a user",  # names of limits
    "look up, client",
    "look up, site",
    "The queue is away.",  # in a row that the page reads as "no answer"
    "rule skill x",  # in the log
    "scoring progress x",  # in the log
    "log in from a known browser",
    "log in from a network",
    "predict now",
    "source forecast x",  # in the log
    "too long",  # looked for in a library's message
    "too much is missing: the place has no readings yet",  # a code and its log line
    "user name x from x",  # in the log
}
# Where the thresholds of the site's rules are from: for docs/alerting.md.
KNOWN |= {
    "DWD, criteria of weather warnings",
    "Finnish Meteorological Institute, warnings of cold weather",
    "Met Office, marine glossary",
    "WMO, Beaufort scale",
    "this site: the probability at which its own scores are sharp (docs/rain-model.md)",
}
# Output of commands; what is drawn by name (their sentences are those of the pages).
TEMPLATES_LEFT_OUT = ("operations", "pictures")
# Names of things, of units and of services, the same in every language.
NAMES = {"Open-Meteo", "GeoNames", "Natural Earth", "CC BY 4.0", "CC0", "UTC"} | {
    "Atom",
    "RSS",
    "GeoJSON",
    "JSON Feed",
}

MODULES = sorted(
    path
    for package in PACKAGES
    for path in (APP / package).rglob("*.py")
    if not any(path.relative_to(APP).is_relative_to(name) for name in LEFT_OUT)
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_python_says_nothing_to_readers_in_english_alone(path):
    found = find_prose(path.read_text(encoding="utf-8"))

    assert [place for place in found if place[1] not in KNOWN] == []


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in TEMPLATES.rglob("*")
        if path.suffix in (".html", ".txt")
        and path.relative_to(TEMPLATES).parts[0] not in TEMPLATES_LEFT_OUT
    ),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_every_text_of_a_template_can_be_translated(path):
    found = find_untagged(path.read_text(encoding="utf-8"))

    assert [text for text in found if text not in NAMES] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('text = "No data here."', ["No data here."]),
        ('text = "Rain soon"', ["Rain soon"]),
        ('text = f"{count} places fail"', ["x places fail"]),
        ('text = _("No data here.")', []),
        ('text = ngettext("one place fails", "%d places fail", n)', []),
        ('"""What this is for."""', []),
        ('def show():\n    """What it does."""', []),
        ('logger.warning("no data of %s", name)', []),
        ('raise ValueError("not a name")', []),
        ('error = NoDataError("not a name")', []),
        ('class NoNameError(Exception):\n    text = "no such name"', []),
        ('def __str__(self):\n    return f"{self.pk} of {self.place}"', []),
        ('row.save(update_fields=["name"])', []),
        ('header = "Content-Type"', []),
    ],
)
def test_what_counts_as_said_to_readers_in_python(source, expected):
    assert [text for _, text in find_prose(source)] == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<p>No data</p>", ["No data"]),
        ('{% translate "No data" %} {{ value }}', []),
        ("{% blocktranslate trimmed %}No {{ what }}{% endblocktranslate %}", []),
        ("{% comment %}why{% endcomment %}{# why #}", []),
        (
            '<input aria-label="Name" value="typed"> <input type="submit" value="Save">',
            ["Name", "Save"],
        ),
        ("<style>.a { color: red }</style><code>manage.py</code>", []),
        ("{{ p|percent }}, 5 °C", []),
    ],
)
def test_what_counts_as_a_templates_text(template, expected):
    assert find_untagged(template) == expected


def test_codes_are_no_prose():
    assert not is_prose("NO_DATA")
    assert not is_prose("places/<int:pk>/")
