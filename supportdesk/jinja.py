"""The Jinja2 environment of our own pages: what every template may call without importing it.

Pages say times through `accounts.humantime` alone, so that Spanish and English, page and email agree.
"""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.http import QueryDict
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import formats, timezone, translation
from django_htmx.jinja import django_htmx_script, htmx_script
from jinja2 import Environment, select_autoescape
from jinja2.ext import Extension
from markupsafe import Markup, escape

from accounts import humantime
from accounts.logo_marks import box_of

_ids = itertools.count(1)
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """Pages without the indentation of their templates, which is for us: a full page is some KB lighter."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source without what its lines begin with, but for what is shown as it is typed."""
        if name is None or not name.endswith(".html"):
            return source
        parts = _PREFORMATTED.split(source)
        return "".join(part if place % 2 else _INDENT.sub("", part) for place, part in enumerate(parts))


def environment(**options: Any) -> Environment:
    """Build the environment that Django's Jinja2 backend asks for (`OPTIONS["environment"]`)."""
    options.setdefault("extensions", []).extend(["jinja2.ext.i18n", Unindented])
    # Plain-text mails are .txt and must not hold &#39;; all else is HTML.
    escape_all_but_text = select_autoescape(
        disabled_extensions=("txt",), default=True, default_for_string=True
    )
    options.update(trim_blocks=True, lstrip_blocks=True, autoescape=escape_all_but_text)
    env = Environment(**options)  # noqa: S701 — see the line above
    _speak(env)
    _offer(env)
    return env


def _speak(env: Environment) -> None:
    """Let templates translate, in the language of the reader."""
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )


def _offer(env: Environment) -> None:
    """What templates may call: functions, and filters for how times and figures are said."""
    env.globals.update(
        url=url,
        try_url=try_url,
        static=static,
        icon=icon,
        icon_use=icon_use,
        sprite=sprite,
        uid=uid,
        query=query,
        ui_words=ui_words,
        htmx_script=htmx_script,
        django_htmx_script=django_htmx_script,
        debug=settings.DEBUG,
        language_code=translation.get_language,
    )
    env.filters.update(
        local_time=local_time,
        local_date=local_date,
        local_period=local_period,
        relative_time=relative_time,
        due_time=due_time,
        exact_time=exact_time,
        exact_words=humantime.exact_moment,
        machine_time=humantime.machine_time,
        duration=humantime.duration,
        work_time=humantime.work_time,
        filesize=defaultfilters.filesizeformat,
        date=defaultfilters.date,
        number=number,
        initials=initials,
        language_name=language_name,
        accent=accent,
        logo_box=box_of,
    )


def url(name: str, *args: object, **kwargs: object) -> str:
    """Reverse a URL by name in the active URLconf, the desk's prefix included; raises NoReverseMatch."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def try_url(name: str, *args: object, **kwargs: object) -> str:
    """Reverse like `url`; else look in the site's own URLconf (outside any desk); else the empty string.

    The frames use it for links that a page may lack, so that an error page can never fail on its own menu.
    """
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        pass
    try:
        return "/" + get_resolver(settings.ROOT_URLCONF).reverse(name, *args, **kwargs)
    except NoReverseMatch:
        return ""


def uid(prefix: str = "id") -> str:
    """Give an element id that no other call in this process gets, for `aria-describedby` and the like."""
    return f"{prefix}-{next(_ids)}"


def query(current: QueryDict | Mapping[str, Any], **changes: object) -> str:
    """Write the query string of a link that keeps `current` and makes `changes`; None removes a key."""
    data = QueryDict(mutable=True)
    if isinstance(current, QueryDict):
        data = current.copy()
    else:
        data.update({key: str(value) for key, value in current.items()})
    for key, value in changes.items():
        data.pop(key, None)
        if value is not None:
            data[key] = str(value)
    encoded = data.urlencode()
    return f"?{encoded}" if encoded else "?"


@lru_cache(maxsize=256)
def icon(name: str, size: int = 16, label: str = "") -> Markup:
    """Draw a lucide icon. Without `label` it is decoration and hidden from screen readers.

    Only the shape is kept: stroke and fill stand once in the stylesheet (`.icon`), which keeps a list of
    fifty rows small. An unknown name raises, so a misspelt one never reaches a page unseen.
    """
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    tag = Markup('<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" {1}>{2}</svg>')
    return tag.format(size, said, _shape(name))


def sprite(*names: str) -> Markup:
    """Draw icons once, unseen, for `icon_use`: a list of fifty rows repeats their names, not their shapes."""
    shapes = Markup("").join(
        Markup('<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>').format(name, _shape(name))
        for name in names
    )
    return Markup('<svg hidden aria-hidden="true">{}</svg>').format(shapes)


@lru_cache(maxsize=256)
def icon_use(name: str) -> Markup:
    """Draw an icon of the page's sprite, as decoration; the stylesheet gives it the size of small text."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)


@lru_cache(maxsize=256)
def _shape(name: str) -> Markup:
    drawn = _drawings().read(f"{name}.svg").decode()
    body = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", drawn).strip()
    return Markup(re.sub(r">\s+<", "><", body).replace(" />", "/>"))  # noqa: S704 — never input


@cache
def _drawings() -> ZipFile:
    """All of lucide's icons: its own function reads the list of them anew for each, for milliseconds."""
    return ZipFile(io.BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


def ui_words() -> str:
    """The words that the browser modules need, as JSON in the active language."""
    _ = translation.gettext
    words = humantime.unit_words() | {
        "draft_restored": _("Your unsent text was brought back."),
        "draft_discard": _("Discard it"),
        "offline": _("The server cannot be reached. Your text is kept; try again in a moment."),
        "failed": _("That did not work. Nothing was changed."),
        "failed_id": _("That did not work. Nothing was changed. Error id: %(id)s"),
        "forbidden": _("You are not allowed to do that."),
        "expired": _("Your session has ended. Log in again; your text is kept."),
        "busy": _("Too many requests. Wait a moment and try again."),
        "file_big": _("%(name)s is larger than the limit of %(limit)s. Choose a smaller file."),
        "file_type": _("%(name)s has a type that is not accepted. Accepted: %(types)s."),
        "file_many": _("Choose at most %(n)s files."),
        "leave": _("You have text that is not sent yet."),
        "close": _("Close"),
        "cancel": _("Cancel"),
        "copied": _("Copied"),
        "no_match": _("Nothing matches"),
    }
    return json.dumps(words, ensure_ascii=False)


def local_time(value: datetime | None) -> Markup:
    """Show an instant in the reader's zone, "Thu 12 Nov, 11:30", with the full form as its title."""
    if value is None:
        return Markup("")
    return _time_tag(value, humantime.short_moment(value, now=timezone.now()))


def local_date(value: datetime | date | None) -> Markup:
    """Show the day of an instant in the reader's zone, or a plain date, "Thu 12 Nov"."""
    if value is None:
        return Markup("")
    if isinstance(value, datetime):
        return _time_tag(value, humantime.short_date(value, now=timezone.now()))
    said = humantime.short_day(value, today=timezone.localdate())
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), said)


def local_period(start: datetime, end: datetime) -> Markup:
    """Show a period in the reader's zone, "Thu 12 Nov, 11:30 to 13:00", both ends in full as their titles."""
    words = humantime.short_end(start, end, now=timezone.now())
    dash = humantime.dash_between(start, end)
    return Markup("{}{}{}").format(local_time(start), dash, _time_tag(end, words))


def relative_time(value: datetime | None) -> Markup:
    """Show an instant as "5 min ago" or "in 2 h 10 min"; the browser keeps it fresh."""
    if value is None:
        return Markup("")
    return _time_tag(value, humantime.relative(value, now=timezone.now()), kind="ago")


def due_time(value: datetime | None, words: str) -> Markup:
    """Show the words of a deadline on the wall clock; the browser keeps them fresh."""
    if value is None:
        return escape(words)
    return _time_tag(value, words, kind="due", title=False)


def exact_time(value: datetime | None) -> Markup:
    """Show an instant in full, with its zone: "Thursday 12 November 2026, 11:30 PKT"."""
    if value is None:
        return Markup("")
    return _time_tag(value, humantime.exact_moment(value), title=False)


def number(value: float | None, decimals: int | None = None) -> str:
    """Write a number in the way of the active language, with its separators."""
    return "" if value is None else formats.number_format(value, decimals, use_l10n=True, force_grouping=True)


def initials(name: str) -> str:
    """Take the first letters of a name's first and last word: "Ana María López" gives "AL"."""
    words = [word for word in re.split(r"[\s.@_-]+", name) if word[:1].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def language_name(code: str) -> str:
    """Name a language in itself: "es" gives "Español", found by its speakers on any page."""
    return str(translation.get_language_info(code)["name_local"]).capitalize()


ACCENTS = ("indigo", "blue", "teal", "green", "amber", "rose", "violet", "slate")
"""The accents a tenant may choose; each is checked for contrast in both themes."""


def accent(name: str | None) -> str:
    """Give the class of an accent; an unknown or missing name gives ours."""
    return f"accent-{name if name in ACCENTS else ACCENTS[0]}"


def _time_tag(at: datetime, words: str, *, kind: str = "", title: bool = True) -> Markup:
    relative = Markup(' data-relative="{}"').format(kind) if kind else Markup("")
    full = Markup(' title="{}"').format(humantime.exact_moment(at)) if title else Markup("")
    tag = Markup('<time datetime="{}"{}{}>{}</time>')
    return tag.format(humantime.machine_time(at), relative, full, words)
