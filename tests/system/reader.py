"""A reader with a browser and a mailbox."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx2

from tests.system.site import Site, wait_for

ADDRESS = "reader@example.org"


class Reader:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.browser = httpx2.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=30)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        self.browser.close()

    def subscribe(self, place_id: int) -> None:
        """Leave the address, open the mail's link, confirm."""
        page = self._when_there(f"/places/{place_id}/")
        answer = self._post(page, f"/places/{place_id}/subscribe", email=ADDRESS)
        assert answer.status_code == 302, answer.text
        (mail,) = wait_for("the confirmation mail came", lambda: list(self.mails("confirm")))
        link = self._link(mail, "confirm")
        answer = self._post(self.browser.get(link).text, link)
        assert answer.status_code in (200, 302), answer.text

    def mails(self, word: str = "") -> Iterator[EmailMessage]:
        """What has arrived; `word` in the subject."""
        for path in sorted(Path(self.site.folder, "mail").glob("*")):
            for text in path.read_text().split("-" * 79):
                if text.strip():
                    mail = email.message_from_string(text.lstrip(), policy=email.policy.default)
                    if mail["To"] == ADDRESS and word.lower() in mail["Subject"].lower():
                        yield mail

    def follow(self, mail: EmailMessage) -> str:
        """The page of the alert that the mail is about."""
        return self.browser.get(self._link(mail, "alerts")).raise_for_status().text

    def unsubscribe(self, mail: EmailMessage) -> int:
        """One click, as a mail program does it (RFC 8058)."""
        url = mail["List-Unsubscribe"].strip("<>")
        answer = self.browser.post(self._path(url), data={"List-Unsubscribe": "One-Click"})
        return answer.status_code

    def _when_there(self, path: str) -> str:
        def opened() -> str:
            answer = self.browser.get(path)
            return answer.text if answer.status_code == 200 else ""

        return wait_for(f"{path} is there", opened)

    def _post(self, page: str, path: str, **fields: str) -> httpx2.Response:
        """As a browser does: it says which site's page the form was on, and sends its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token:
            fields["csrfmiddlewaretoken"] = token.group(1)
        return self.browser.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    def _link(self, mail: EmailMessage, word: str) -> str:
        text = mail.get_body(("plain",)).get_content()
        (url,) = {url for url in re.findall(r"http://\S+", text) if f"/{word}" in url}
        return self._path(url)

    def _path(self, url: str) -> str:
        return "/" + url.split("/", 3)[3]
