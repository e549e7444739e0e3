"""The form of a rule, as a browser shows and sends it."""

from __future__ import annotations

from weatherapp.models import Rule

ADD = "/admin/weatherapp/rule/add/"
NBSP = "\u00a0"


def change_page(rule: Rule) -> str:
    return f"/admin/weatherapp/rule/{rule.pk}/change/"


def read_form(page) -> dict[str, object]:
    """What a browser would send of the form as it is shown."""
    form = page.context["adminform"].form
    sent: dict[str, object] = {}
    for part in (form, *form.conditions):
        for field in part:
            value = field.value()
            if field.name == "codes":
                sent |= {
                    f"{field.html_name}-{code}": level for code, level in (value or {}).items()
                }
            elif value is not None and value is not False:
                sent[field.html_name] = field.field.prepare_value(value)
    return sent


def gust_form(**fields: object) -> dict[str, object]:
    """A rule on gusts of 18 and 29 m/s, as a browser sends it."""
    return {
        "name": "Gusts",
        "is_active": "on",
        "scope": "ALL",
        "places": "",
        "pending_evaluations": "1",
        "pending_minutes": "0",
        "keep_firing_minutes": "0",
        "rearm_minutes": "0",
        "lead_from_hours": "0",
        "from_hour": "",
        "to_hour": "",
        "no_data_policy": "SAY",
        **condition_fields(0),
        **fields,
    }


def condition_fields(number: int, **fields: object) -> dict[str, object]:
    defaults: dict[str, object] = {
        "quantity": "wind_gust_ms",
        "basis": "FORECAST",
        "hours": "12",
        "aggregation": "MAXIMUM",
        "comparison": "AT_LEAST",
        "moderate_threshold": "18",
        "moderate_recovery_threshold": "15",
        "severe_threshold": "29",
        "severe_recovery_threshold": "26",
    }
    return {f"condition-{number}-{name}": value for name, value in (defaults | fields).items()}


def errors_of(answer) -> dict[str, str]:
    """By the field's name on the page; "" for those of the whole form."""
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    found = {}
    for part in (form, *form.conditions):
        for name, errors in part.errors.items():
            found["" if name == "__all__" else part.add_prefix(name)] = " ".join(errors)
    return {name: text.replace(NBSP, " ") for name, text in found.items()}
