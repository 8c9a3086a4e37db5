"""The parts that pages are made of: they need no context, say errors, and stay small."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template import engines

from supportdesk import jinja
from supportdesk.storage import join_script, join_stylesheet

STATIC = Path(settings.BASE_DIR) / "static"
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "409.html", "429.html", "500.html"]


def draw(source: str, **context: object) -> str:
    return str(engines["jinja2"].from_string(source).render(context))


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_no_context(name: str) -> None:
    page = engines["jinja2"].get_template(name).render()
    assert "<h1>" in page
    assert "error-id" not in page


def test_error_pages_quote_the_request() -> None:
    assert "9f2c41d7" in engines["jinja2"].get_template("500.html").render({"request_id": "9f2c41d7"})


class TicketForm(forms.Form):
    subject = forms.CharField(label="Subject", max_length=5, help_text="One line.")
    priority = forms.ChoiceField(choices=[("high", "High"), ("low", "Low")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


def test_a_field_keeps_what_was_typed_and_names_its_help_and_error() -> None:
    form = TicketForm({"subject": "far <too> long"})
    html = draw('{% from "components/field.html" import field %}{{ field(form.subject) }}', form=form)
    assert 'value="far &lt;too&gt; long"' in html
    assert 'aria-describedby="id_subject_help id_subject_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_optional_fields_are_marked() -> None:
    source = '{% from "components/field.html" import field %}{{ field(form.subject) }}|{{ field(form.note) }}'
    required, optional = draw(source, form=TicketForm()).split("|")
    assert "optional" not in required
    assert "optional" in optional


def test_the_error_summary_links_to_every_field() -> None:
    source = (
        '{% from "components/field.html" import error_summary, form_fields %}'
        "{{ error_summary(form) }}{{ form_fields(form) }}"
    )
    html = draw(source, form=TicketForm({}))
    links = re.findall(r'href="#(\w+)"', html)
    assert links == ["id_subject", "id_priority"]
    assert all(f'id="{link}"' in html for link in links)


def test_radio_cards_show_the_definition_of_each_choice() -> None:
    source = '{% from "components/field.html" import field %}{{ field(form.priority, definitions=words) }}'
    html = draw(source, form=TicketForm(), words={"high": "Work stands still.", "low": "A question."})
    assert html.count("choice-definition") == 2
    assert "Work stands still." in html


DUE = """{% from "components/due.html" import due %}
{{ due(state, at, none, 72, 50, words, zones, "Why", live=live) }}"""


def test_a_clock_at_risk_says_so_in_words() -> None:
    at = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
    html = draw(DUE, state="at_risk", at=at, words="40 min left", zones="Thu 11:30", live=True)
    assert "At risk" in html
    assert 'datetime="2026-11-12T06:30:00Z" data-relative="due"' in html
    assert 'role="tooltip"' in html


def test_a_paused_clock_is_not_refreshed() -> None:
    html = draw(DUE, state="paused", at=None, words="paused, 1 h left", zones="", live=True)
    assert "data-relative" not in html
    assert "paused, 1 h left" in html


def test_parts_carry_no_inline_style_or_script() -> None:
    templates = Path(settings.BASE_DIR) / "templates"
    for path in [
        *templates.glob("components/*.html"),
        *templates.glob("frames/*.html"),
        templates / "base.html",
    ]:
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>", text), path


def test_query_keeps_the_filters_and_drops_what_is_none() -> None:
    current = QueryDict("status=open&status=new&cursor=5")
    assert jinja.query(current, cursor=None, page=2) == "?status=open&status=new&page=2"
    assert jinja.query({}, q=None) == "?"


def test_names_give_initials_and_icons_escape_their_label() -> None:
    assert [jinja.initials(name) for name in ("Ana María López", "sara@example.com", "")] == ["AL", "SC", "?"]
    assert "&lt;b&gt;" in jinja.icon("clock", label="<b>")


def test_the_stylesheet_is_joined_in_layers_with_addresses_made_right() -> None:
    joined = join_stylesheet("css/app.css", lambda name: (STATIC / name).read_text())
    assert "@import" not in joined
    assert 'url("../img/chevron.svg")' in joined
    assert joined.count("@layer components {") > 10


def test_styles_and_scripts_weigh_little() -> None:
    joined = join_stylesheet("css/app.css", lambda name: (STATIC / name).read_text()).encode()
    scripts = [path.read_bytes() for path in sorted((STATIC / "js").glob("*.js"))]
    own = sum(len(gzip.compress(part)) for part in [joined, *scripts])
    assert own < 42_000, f"{own} bytes compressed; with htmx (17 kB) the whole must stay under 60 kB"


def test_every_behaviour_is_in_the_one_script_and_only_shared_parts_are_imported() -> None:
    app = (STATIC / "js" / "app.js").read_text()
    joined = join_script("js/app.js", lambda name: (STATIC / name).read_text())
    assert re.findall(r'^import .* from "(.*)";$', joined, re.MULTILINE) == ["./dom.js"]
    behaviours = re.findall(r'^import "\./(.*)";$', app, re.MULTILINE)
    assert len(behaviours) > 15
    for name in behaviours:
        last = (STATIC / "js" / name).read_text().rstrip().splitlines()[-1]
        assert last in joined, name
    with pytest.raises(ValueError, match="cannot be joined"):
        join_script("js/app.js", {"js/app.js": 'import "./a.js";\n', "js/a.js": 'import "x";\n'}.__getitem__)
