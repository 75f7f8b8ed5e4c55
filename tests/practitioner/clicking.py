"""People at their browsers, who go only where the page before them leads: by its links, and by the buttons of
its forms. What is typed into a form is named by its field; what is chosen, by the words beside it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bs4 import Tag

from tests.practitioner.browser import Browser, Page, Site

Typed = str | date | list[str]


class Somebody:
    """Somebody at their browser, with the page before them. The only address that they type is the first."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self.browser = browser
        self.page = page

    @property
    def text(self) -> str:
        return self.page.text

    async def follow(self, *words: str) -> "Somebody":
        """Click the one link with these words in it; the link that says just this goes before others."""
        said = " ".join(words)
        exactly = {to for text, to in self.page.links.items() if text == said}
        found = exactly or {to for text, to in self.page.links.items() if all(word in text for word in words)}
        assert len(found) == 1, (
            f"{len(found)} links {words} on {self.page.address}: {sorted(self.page.links)}"
        )
        self.page = await self.browser.get(found.pop())
        assert self.page.status == 200, f"{words}: {self.page.status} {self.page.text[:300]}"
        return self

    async def press(self, button: str, /, **typed: Typed) -> "Somebody":
        """Fill in the form with this button and press it; there is no mistake in it."""
        await self._send(button, typed)
        assert (self.page.status, self.page.mistakes) == (200, []), (
            f"{button} on {self.page.address}: {self.page.status} "
            f"{self.page.mistakes or self.page.text[:300]}"
        )
        return self

    async def press_in_vain(self, button: str, /, **typed: Typed) -> list[str]:
        """The same where something is wrong; gives what the page says is."""
        await self._send(button, typed)
        assert self.page.status == 422, f"{button}: {self.page.status} {self.page.text[:300]}"
        return self.page.mistakes

    async def _send(self, button: str, typed: Mapping[str, Typed]) -> None:
        form, action = self._form_with(button)
        fields: dict[str, str | list[str]] = dict(_standing(form))
        for name, value in typed.items():
            fields |= _filled(form, name.replace("__", "-"), value)
        if form.get("method") == "post":
            self.page = await self.browser.ask("POST", action, fields)
        else:
            self.page = await self.browser.get(f"{action}?{urlencode(fields, doseq=True)}")

    def _form_with(self, words: str) -> tuple[Tag, str]:
        """The one form whose button says so, or else begins so."""
        buttons = self._buttons()
        exactly = [form for text, form in buttons if text == words]
        found = exactly or [form for text, form in buttons if text.startswith(words)]
        assert len(found) == 1, (
            f"{len(found)} buttons {words} on {self.page.address}: {[text for text, _ in buttons]}"
        )
        [form] = found
        assert isinstance(form, Tag)
        return form, str(form.get("action") or self.page.address)

    def sees(self, *words: str) -> None:
        for one in words:
            assert one in self.page.text, f"{one} is not on {self.page.address}: {self.page.text[:2000]}"

    def does_not_see(self, *words: str) -> None:
        for one in words:
            assert one not in self.page.soup.get_text(" "), f"{one} is on {self.page.address}"

    def offers(self, *words: str) -> bool:
        """Whether a link or a button begins with these words."""
        buttons = [text for text, _ in self._buttons()]
        return any(text.startswith(words) for text in (*self.page.links, *buttons))

    def _buttons(self) -> list[tuple[str, Tag | None]]:
        found = self.page.soup.find_all("button")
        return [(one.get_text(" ", strip=True), one.find_parent("form")) for one in found]


def _standing(form: Tag) -> dict[str, list[str]]:
    """What stands in a form as it came, and is sent with it."""
    found: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        kind, name = field.get("type", "text"), str(field.get("name") or "")
        if not name or (kind in ("radio", "checkbox") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            found.setdefault(name, []).append(str(chosen["value"]) if isinstance(chosen, Tag) else "")
        else:
            value = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
            found.setdefault(name, []).append(value)
    return found


def _filled(form: Tag, name: str, value: Typed) -> dict[str, str | list[str]]:
    """One answer as the form sends it."""
    if isinstance(value, date):
        parts: dict[str, Any] = {"day": value.day, "month": value.month, "year": value.year}
        for part in parts:
            assert form.select(f'[name="{name}-{part}"]'), f"no day {name} to fill in"
        return {f"{name}-{part}": str(number) for part, number in parts.items()}
    names = sorted({str(one["name"]) for one in form.select("[name]")})
    controls = [one for one in form.select("[name]") if one["name"] == name]
    assert controls, f"no field {name}: {names}"
    several = [value] if isinstance(value, str) else value
    sent = [_value_of(form, controls, one) for one in several]
    return {name: sent[0] if isinstance(value, str) else sent}


def _value_of(form: Tag, controls: list[Tag], words: str) -> str:
    """What is sent for a choice with these words beside it; typed text as it is."""
    options: dict[str, str] = {}
    for control in controls:
        if control.name == "select":
            for option in control.find_all("option"):
                options[option.get_text(" ", strip=True)] = str(option.get("value", ""))
        elif control.get("type") in ("radio", "checkbox"):
            label = form.find("label", attrs={"for": str(control["id"])})
            assert isinstance(label, Tag)
            options[label.get_text(" ", strip=True)] = str(control["value"])
    if not options:
        return words
    found = (
        [options[words]] if words in options else [v for text, v in options.items() if text.startswith(words)]
    )
    assert len(found) == 1, f"{len(found)} choices {words}: {sorted(options)}"
    return found[0]


async def somebody(site: Site, user: str) -> Somebody:
    """Somebody signed in, at the page where they begin."""
    browser = await site.signed_in(user)
    return Somebody(browser, await browser.get("/"))
