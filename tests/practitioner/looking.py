"""What is looked at on a page that is open in Chromium, whatever it is about."""

from collections.abc import Iterator
from itertools import pairwise

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

SERIOUS = ("serious", "critical")
WIDE = {"width": 1280, "height": 1024}
NARROW = {"width": 320, "height": 256}
"""The same screen at 400 % zoom."""

AXE = Axe()
_VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(results => results.violations)"
_TOO_WIDE = """() => {
  const all = document.documentElement, width = all.clientWidth;
  const beyond = [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > width + 1).map(one => one.outerHTML.slice(0, 120));
  return all.scrollWidth > width ? `${all.scrollWidth} pixels wide: ${beyond.at(-1)}` : "";
}"""
_UNREACHABLE = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
  .filter(one => one.tabIndex < 0 || !one.hasAttribute("aria-label") && !one.hasAttribute("aria-labelledby"))
  .map(one => one.outerHTML.slice(0, 200))"""
_SAID_OF_ITSELF = """() => [
  document.title, document.documentElement.lang, document.querySelectorAll("main").length,
  [...document.querySelectorAll("h1, h2, h3, h4")].map(one => +one.tagName[1])
]"""


def findings(page: Page) -> list[object]:
    """What is serious about what is open, that needs sideways scrolling, or that scrolls by
    itself without a name and out of the keyboard's reach."""
    found: list[object] = list(_untold(*page.evaluate(_SAID_OF_ITSELF)))
    page.evaluate(AXE.axe_script)
    violations = page.evaluate(_VIOLATIONS)
    found += [(one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in SERIOUS]
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if wide := page.evaluate(_TOO_WIDE):
            found.append(wide)
        found.extend(page.evaluate(_UNREACHABLE))
    return found


def _untold(title: str, language: str, mains: int, headings: list[int]) -> Iterator[str]:
    """What a page leaves out that says what it is."""
    name = title.removesuffix(" - Teamaround").removeprefix("Error: ")
    if not name.strip():
        yield f"its title is {title!r}"
    if language not in ("en", "en-GB") or mains != 1:
        yield f"it is in {language!r}, with {mains} main parts"
    if headings.count(1) != 1:
        yield f"its headings are {headings}"
    if any(after > before + 1 for before, after in pairwise(headings)):
        yield f"a heading is left out: {headings}"


def listening(page: Page) -> list[str]:
    """The mistakes of scripts and of the policy of content, as they come."""
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    return mistakes


_CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]"
_BEGIN_WITH_KEYS = """([controls, inMain]) => {
  const within = document.querySelector(inMain ? "main" : "body"), groups = new Set();
  const isChosen = one => [...within.querySelectorAll(`[name="${one.name}"]`)].some(other => other.checked);
  const hasFocus = one => one.type !== "radio" || one.checked
    || !isChosen(one) && !groups.has(one.name) && groups.add(one.name);
  const all = [...within.querySelectorAll(controls)]
    .filter(one => one.tabIndex !== -1 && !one.disabled && one.checkVisibility() && hasFocus(one));
  const of = style => [style.boxShadow, style.outline, style.backgroundColor, style.clipPath].join();
  const looks = one => of(getComputedStyle(one)) +
    (one.nextElementSibling ? of(getComputedStyle(one.nextElementSibling, "::before")) : "");
  const before = all.map(looks);
  window.reached = [];
  addEventListener("focusin", event => {
    const place = all.indexOf(event.target);
    window.reached.push([place, looks(event.target) !== before[place], event.target.outerHTML.slice(0, 120)]);
  });
  if (inMain) {
    within.tabIndex = -1;
    within.focus();
    window.reached.length = 0;
  }
  return all.length;
}"""
_TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


def lost_by_keyboard(page: Page, keys: CDPSession, *, in_main: bool) -> list[object]:
    """What the Tab key leads to out of its order, or without showing that it has the focus, on all of a page
    or on its main part; and what it does not lead to."""
    wanted: int = page.evaluate(_BEGIN_WITH_KEYS, [_CONTROLS, in_main])
    for _ in range(wanted):
        keys.send("Input.dispatchKeyEvent", _TAB)
    reached: list[tuple[int, bool, str]] = page.evaluate("window.reached")
    page.evaluate("document.activeElement.blur()")
    for place, (index, seen, which) in enumerate(reached):
        if index != place:
            return [f"the key leads to number {index} at step {place}: {which}"]
        if not seen:
            return [f"nothing shows that this has the focus: {which}"]
    return [] if len(reached) == wanted else [f"the key leads to {len(reached)} of {wanted}"]


_IN_IT = """() => [...new Set(
  [...document.querySelectorAll("body :is(a[href], button, input, select, textarea, summary, form)")]
  .map(one => [one.tagName, one.type ?? "", one.name ?? "", one.method ?? "",
    (one.getAttribute("href") ?? one.getAttribute("action") ?? "").replace(/[?].*|[0-9a-f-]{36}/g, "")])
  .map(said => said.join(" "))
)].sort()"""
_UNSEEN = """() => [...document.querySelectorAll(
  "main :is(a[href], button, input:not([type=hidden]), select, textarea)")]
  .filter(one => !one.checkVisibility() && !one.closest("details")).map(one => one.outerHTML.slice(0, 120))"""


def missing_without_scripts(page: Page, scripts: CDPSession) -> list[object]:
    """What is not there, or cannot be seen, when a page is opened again where no scripts run."""
    before = page.evaluate(_IN_IT)
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(page.url, wait_until="domcontentloaded")
    found: list[object] = page.evaluate(_UNSEEN)
    if (now := page.evaluate(_IN_IT)) != before:
        found.append(f"with scripts: {before}; without: {now}")
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": False})
    return found
