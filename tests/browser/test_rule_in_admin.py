"""An operator logs in, adds a rule, tries it on the past, sees what it hits, and finds it saved."""

from __future__ import annotations

from playwright.sync_api import expect

PATIENCE_MS = 120_000  # a busy machine is no failure
WET = {"quantity": "precipitation_mm", "basis": "MEASURED", "hours": "6", "aggregation": "SUM"}


def fill(page, name, value):
    page.locator(f"[name={name}]").fill(value)


def write_rule(page, name):
    """On measured rain, of which the demo's past has enough."""
    fill(page, "name", name)
    for field, value in WET.items():
        box = page.locator(f"[name=condition-0-{field}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    fill(page, "condition-0-moderate_threshold", "2")
    fill(page, "condition-0-moderate_recovery_threshold", "1")


def test_a_new_rule_is_tried_on_the_past_before_it_is_saved(page, demo):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("tests-only")
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/weatherapp/rule/add/")
    write_rule(page, "Two millimetres")

    page.get_by_role("button", name="Try it on the past").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("How it would have done")).to_be_visible(timeout=PATIENCE_MS)
    hits = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Hits among them"))
    assert int(hits.get_by_role("cell").first.inner_text().split()[0]) > 0
    assert demo.query("SELECT count(*) FROM weatherapp_rule WHERE name = 'Two millimetres'") == [
        (0,)
    ]

    page.goto("/admin/weatherapp/rule/add/")
    write_rule(page, "Two millimetres")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("link", name="Two millimetres").first).to_be_visible()
    demo.query("UPDATE weatherapp_rule SET is_active = 0 WHERE name = 'Two millimetres'")
