"""Every page on paper: what there is to read is there and whole, and nothing is there to press."""

from __future__ import annotations

import pytest

from tests.browser.addresses import list_addresses, open_address

# A sheet of A4 within the margins of a centimetre that browsers leave, at 96 px to the inch.
A4 = {"width": 718, "height": 1046}
# Marks what a reader reads on the screen, but for what stands in or explains a thing to press.
MARK = """() => {
    const pressed = 'nav, form, search, .subscribe, .near, details, .map-controls, .movable-map';
    for (const one of document.querySelectorAll('main :is(h1, h2, h3, p, li, dt, dd, th, td, figure)'))
        if (!one.closest(pressed) && one.checkVisibility() && !one.querySelector('form, button, a.button'))
            one.dataset.read = '';
}"""
JUDGE = """(width) => {
    const shown = (one) => one.checkVisibility({visibilityProperty: true});
    const name = (one) => one.outerHTML.slice(0, 70);
    const press = 'nav, form, search, button, input, select, textarea, .button, .skip, iframe, '
        + 'details:not([open])';
    const wrong = [...document.querySelectorAll(press)].filter(shown)
        .map((one) => `to press: ${name(one)}`);
    for (const one of document.querySelectorAll('[data-read]'))
        if (!shown(one)) wrong.push(`not there: ${name(one)}`);
    for (const one of document.querySelectorAll('body *')) {
        if (!shown(one) || one.closest('.visually-hidden, svg *')) continue;
        const isCut = one.scrollWidth > one.clientWidth + 1 && one.clientWidth
            && getComputedStyle(one).overflowX !== 'visible';
        if (isCut || one.getBoundingClientRect().right > width + 1) wrong.push(`cut: ${name(one)}`);
    }
    return wrong;
}"""


@pytest.fixture
def sheet(browser, base_url):
    with browser.new_context(base_url=base_url, viewport=A4) as context:
        yield context.new_page()


def print_page(page):
    page.evaluate(MARK)
    page.emulate_media(media="print")


def test_every_page_is_whole_on_paper(sheet, demo):
    found = {}
    for address in list_addresses(demo).values():
        sheet.emulate_media(media="screen")
        open_address(sheet, address)
        print_page(sheet)
        if wrong := sheet.evaluate(JUDGE, A4["width"]):
            found[address] = wrong

    assert found == {}


def test_a_table_that_was_opened_is_printed(sheet):
    sheet.goto("/places/1/")
    sheet.locator("#readings summary").click()
    print_page(sheet)

    assert sheet.locator("#readings table").is_visible()
    assert sheet.evaluate(JUDGE, A4["width"]) == []


def test_faults_are_found_out(sheet):
    sheet.set_content(
        "<style>@media print { .gone { display: none; } }</style><main><p class=gone>gone</p>"
        "<button>press</button><div style='overflow: auto'><p style='width: 900px'>wide</p></div>"
    )
    print_page(sheet)
    found = " ".join(sheet.evaluate(JUDGE, A4["width"]))

    assert "not there: <p class" in found
    assert "to press: <button" in found
    assert "cut: <div" in found
