"""Saved web pages → text and what they declare. The pages are written here, in the ways of news sites."""

from __future__ import annotations

import datetime as dt
import email.mime.multipart
import email.mime.text
import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_ingest import received
from tracker.extract import extract
from tracker.ingest import Received, Unreadable, read_reports, read_upload
from tracker.page_metadata import PageMetadata
from tracker.webpages import MAX_ELEMENTS, read_page

Write = Callable[[str, str | bytes], Path]

LEAD = "A drone killed two people in Odesa on Thursday, the governor said."
NEXT = "Rescuers are still at work in the street, he added."
MENU = (
    '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li>'
    '<li><a href="/s">Nine killed in bus crash</a></li></ul></nav></header>'
    '<div id="cookie-banner" class="cookie-consent"><p>We and our 12 partners use cookies.</p>'
    "<button>Accept</button></div>"
)
AFTER = (
    '<aside><h3>Read more</h3><ul><li><a href="/x">Shelling kills nine in Kherson</a></li></ul></aside>'
    '<section class="comments"><h3>Comments</h3><p>Bob: I heard that 50 died.</p></section>'
    "<footer><p>Copyright 2019 Example News</p></footer>"
)


def page(body: str = f"<p>{LEAD}</p><p>{NEXT}</p>", head: str = "", *, title: str = "Drones hit Odesa") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{MENU}<main><article><h1>{title}</h1>{body}</article></main>{AFTER}</body></html>"
    )


def ld(**keys: object) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", **keys}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def meta(**names: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in names.items())


def text_of(html: str) -> str:
    return read_page(html.encode()).text


def said_by(head: str, body: str = f"<p>{LEAD}</p><p>{NEXT}</p>") -> PageMetadata:
    return read_page(page(body, head).encode()).metadata


def refusal(html: str | bytes, name: str = "a.html") -> str:
    (record,) = read_upload(name, html.encode() if isinstance(html, str) else html)
    assert isinstance(record, Unreadable), record
    assert record.error.advice.endswith(".")
    return record.error.problem


# -- text ------------------------------------------------------------------------------------------------------------

BODY = f"{LEAD}\n{NEXT}"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param(page(), BODY, id="an article in full dress"),
        pytest.param(f"<html><body><p>{LEAD}<p>{NEXT}", BODY, id="bare paragraphs"),
        pytest.param(f"<p>{LEAD}</p><p>{NEXT}</p>", BODY, id="no html element at all"),
        pytest.param(f"<html><body>{LEAD}<br><br>{NEXT}</body></html>", BODY, id="line breaks only"),
        pytest.param(page(f'<div class="t">{LEAD}</div><div class="t">{NEXT}</div>'), BODY, id="divs for paragraphs"),
        pytest.param(page(f"<p>{LEAD}</p><ul><li>Two burned.</li></ul>"), f"{LEAD}\n- Two burned.", id="list"),
        pytest.param(page(f"<blockquote><p>{LEAD}</p></blockquote><p>{NEXT}</p>"), BODY, id="quotation"),
        pytest.param(page(f"<p>A <b>drone</b>{LEAD[7:]}</p><p>{NEXT}</p>"), BODY, id="emphasis"),
        pytest.param(page(f"<p>{LEAD}</p><h2>At work</h2><p>{NEXT}</p>"), f"{LEAD}\nAt work\n{NEXT}", id="head"),
        pytest.param(page(f"<p>{LEAD}</p><table><tr><td>Odesa<td>2</table><p>{NEXT}</p>"), BODY, id="figures"),
        pytest.param(
            f"<html><body><table><tr><td><a href='/'>Home</a><td><p>{LEAD}<p>{NEXT}</table></body></html>",
            BODY,
            id="a table for layout",
        ),
        pytest.param(f"<html><body><table><tr><td>{LEAD}<br><br>{NEXT}</table></body></html>", BODY, id="its one cell"),
        pytest.param(page(f"<p>{LEAD}</p><p>{NEXT}</p><h2>More on this</h2>"), BODY, id="a heading of nothing"),
        pytest.param(
            f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{LEAD}</p><p>{NEXT}</p></body></html>',
            BODY,
            id="XHTML",
        ),
    ],
)  # fmt: skip
def test_the_report_is_told_from_what_stands_around_it(html: str, text: str) -> None:
    assert text_of(html) == text


ENTRIES = [
    ("10:40", "Two hurt in Odesa", "A drone hit a house, hurting two people, the mayor said."),
    ("09:15", "Seven dead in Lviv", "A missile killed seven people there, officials said."),
    ("08:02", "Power cut in Sumy", "Shelling damaged a substation. Crews are at work, the operator said."),
]


@pytest.mark.parametrize(
    ("outer", "entry"),
    [
        ("{}", "<div class='post'><time>{}</time><h3>{}</h3><p>{}</p></div>"),
        ("{}", "<article><time>{}</time><h3>{}</h3><p>{}</p></article>"),
        ("<ol class='updates'>{}</ol>", "<li><time>{}</time><h2>{}</h2><p>{}</p></li>"),
        ("<article><ol>{}</ol></article>", "<li><div><time>{}</time><h2>{}</h2><div><p>{}</p></div></div></li>"),
        ("<article>{}</article>", "<section><time>{}</time><h2><a href='#post'>{}</a></h2><p>{}</p></section>"),
        ("<article>{}</article>", "<time>{}</time><p><strong>{}</strong></p><p>{}</p>"),
    ],
)
def test_the_entries_of_a_live_blog_keep_their_headings(outer: str, entry: str) -> None:
    entries = outer.format("".join(entry.format(*each) for each in ENTRIES))
    html = f"<html><body>{MENU}<main><h1>Live: strikes</h1>{entries}</main></body></html>"
    page_text = text_of(html).split("\n")
    wanted = [line for _, heading, words in ENTRIES for line in (heading, words)]
    assert [line for line in page_text if line in wanted] == wanted
    (record,) = read_upload("a.html", html.encode())
    assert isinstance(record, Received)
    places = {(claim.measure.value, claim.low, claim.place) for claim in extract(record.report)}
    assert places == {("injured", 2, "Odesa"), ("killed", 7, "Lviv")}


def test_offsets_count_in_the_text_that_is_stored() -> None:
    (record,) = read_upload("a.html", page().encode())
    assert isinstance(record, Received)
    (claim,) = extract(record.report)
    assert record.report.text[claim.start : claim.end] == claim.text == "two"


# -- what a page declares -------------------------------------------------------------------------------------------

MOMENT = dt.datetime(2025, 4, 24, 4, 30, tzinfo=dt.UTC)
DAY = dt.date(2025, 4, 24)


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", None),
        (ld(datePublished="2025-04-24T07:30:00+03:00", dateModified="2025-05-01T00:10:00Z"), MOMENT),
        (ld(datePublished="2025-04-24T04:30:00.000Z"), MOMENT),
        (ld(datePublished="2025-04-24"), DAY),
        (ld(datePublished="2025-04-24T07:30:00"), DAY),  # no zone: no time
        (ld(datePublished="2025-04-24T00:00:00+00:00"), DAY),  # nobody entered a time
        (ld(dateModified="2025-04-24"), None),
        (ld(dateCreated="2025-04-24"), None),
        (ld(datePublished="24.04.2025"), None),
        (ld(datePublished="04/05/2025"), None),
        (ld(datePublished="2025-02-30"), None),
        (ld(datePublished="1970-01-01T00:00:00Z"), None),
        (ld(datePublished=20250424), None),
        (ld(datePublished=None, headline="x"), None),
        (ld(**{"@type": ["ReportageNewsArticle", "Thing"], "datePublished": "2025-04-24"}), DAY),
        (ld(**{"@type": "http://schema.org/LiveBlogPosting", "datePublished": "2025-04-24",
               "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": "2025-04-26"}]}), DAY),
        (ld(**{"@type": "WebPage", "datePublished": "2020-01-01"}), None),
        (ld(**{"@type": "Organization", "@graph": [{"@type": "WebSite"},
               {"@type": "NewsArticle", "datePublished": "2025-04-24"}]}), DAY),
        (ld(**{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2025-04-24"}}), DAY),
        # Several articles on a page: its own one where it says which, else none.
        (ld(datePublished="2025-04-24") + ld(datePublished="2025-01-02"), None),
        ('<link rel="canonical" href="https://n.example/a">' + ld(datePublished="2025-04-24", url="https://n.example/a")
         + ld(datePublished="2025-01-02", url="https://n.example/b"), DAY),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-0</script>', None),
        (meta(article__published_time="2025-04-24T07:30:00+0300"), MOMENT),
        (meta(article__published_time="2025-04-24 07:30:00 +03:00"), MOMENT),
        (meta(article__published_time="Thu, 24 Apr 2025 07:30:00 +0300"), MOMENT),
        (meta(article__modified_time="2025-04-24T07:30:00+0300"), None),
        (meta(og__updated_time="2025-04-24T07:30:00+0300"), None),
        # Declarations that agree, and such that do not.
        (ld(datePublished="2025-04-24") + meta(article__published_time="2025-04-24T07:30:00+03:00"), MOMENT),
        (ld(datePublished="2025-04-24T09:00:00Z") + meta(article__published_time="2025-04-24T04:30:00Z"), MOMENT),
        (ld(datePublished="2025-04-24") + meta(article__published_time="2025-04-27"), None),
        ('<meta name="parsely-pub-date" content="2025-04-24">', DAY),
        ('<meta name="DC.date.issued" content="2025-04-24">', DAY),
        ('<meta name="date" content="2025-04-24"><meta name="revised" content="2025-04-25">', None),
        ('<meta http-equiv="last-modified" content="2025-04-24">', None),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_what_the_page_declares(head: str, published: dt.date | None) -> None:
    found = said_by(head).published
    assert found == published
    assert type(found) is type(published)


ANOTHER = '<time itemprop="datePublished" datetime="2025-04-20">b</time>'


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<p>Published on 24 April 2025, 07:30</p>', None),
        ('<time datetime="2025-04-24T07:30:00+03:00">24 April</time>', None),
        ('<time itemprop="datePublished" datetime="2025-04-24T07:30:00+03:00">24 April</time>', MOMENT),
        ('<time itemprop="datePublished" datetime="2025-04-24">a</time>', DAY),
        (f'<time itemprop="datePublished" datetime="2025-04-24">a</time>{ANOTHER}', None),
        ('<p class="date">2025-04-24</p><a href="/2025/04/24/x">here</a>', None),
    ],
)  # fmt: skip
def test_no_day_is_guessed_from_words_or_addresses(body: str, published: dt.date | None) -> None:
    head = '<link rel="canonical" href="https://n.example/2025/04/24/odesa">'
    assert said_by(head, f"{body}<p>{LEAD}</p><p>{NEXT}</p>").published == published


@pytest.mark.parametrize(
    ("head", "key", "value"),
    [
        ("", "title", "Drones hit Odesa"),
        (ld(headline="Two killed\n in Odesa"), "title", "Two killed in Odesa"),
        (meta(og__title="Two killed in Odesa"), "title", "Two killed in Odesa"),
        ("", "publisher", None),
        (meta(og__site_name="Example News"), "publisher", "Example News"),
        (ld(publisher={"@type": "Organization", "name": "Example Media"}), "publisher", "Example Media"),
        (ld(publisher=[{"name": "Example Media"}]), "publisher", "Example Media"),
        (ld(publisher={"@id": "https://n.example/#org"}), "publisher", None),
        ('<meta name="publisher" content="Example News">', "publisher", "Example News"),
        ("", "url", None),
        ('<link rel="canonical" href="https://n.example/a?id=1#top">', "url", "https://n.example/a?id=1"),
        ('<link rel="alternate canonical" href="https://n.example/a">', "url", "https://n.example/a"),
        (meta(og__url="https://n.example/b"), "url", "https://n.example/b"),
        # A front page, a relative address and what is none are no report's address.
        ('<link rel="canonical" href="https://n.example/">', "url", None),
        ('<link rel="canonical" href="/a">', "url", None),
        ('<link rel="canonical" href="javascript:alert(1)">', "url", None),
        ('<link rel="canonical" href="https://[x/a">', "url", None),
    ],
)
def test_what_else_a_page_declares(head: str, key: str, value: str | None) -> None:
    assert getattr(said_by(head), key) == value


@pytest.mark.parametrize(
    ("title", "heading", "kept"),
    [
        ("Drones hit Odesa", "Drones hit Odesa", False),
        ("Drones hit Odesa – Example News", "Drones hit Odesa", False),
        ("Drones hit Odesa | Example News", "DRONES hit Odesa", False),
        ("Example News", "Drones hit Odesa", True),
        ("Drones hit Odesa again", "Drones hit Odesa", True),
    ],
)
def test_a_headline_is_not_read_twice(title: str, heading: str, kept: bool) -> None:
    body = f"<article><h1>{heading}</h1><p>{LEAD}</p><p>{NEXT}</p></article>"
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    assert text_of(html).startswith(f"{heading}\n") == kept


# -- files ------------------------------------------------------------------------------------------------------------

FULL = page(
    head='<link rel="canonical" href="https://n.example/odesa">'
    + meta(og__site_name="Example News", article__published_time="2025-04-24T07:30:00+03:00")
)


def archive(html: str, charset: str = "utf-8") -> bytes:
    """A page as browsers save it in a single file, with a picture."""
    whole = email.mime.multipart.MIMEMultipart("related", type="text/html")
    whole["Snapshot-Content-Location"] = "https://n.example/odesa"
    whole.attach(email.mime.text.MIMEText(html, "html", charset))
    whole.attach(email.mime.text.MIMEText("p { color: red }", "css"))
    return whole.as_bytes()


def test_a_page_is_a_report_with_what_it_declares(write: Write) -> None:
    (record,) = received([write("saved.html", FULL)], dt.date(2020, 1, 1))
    report = record.report
    assert (report.id, report.url) == ("https://n.example/odesa", "https://n.example/odesa")
    assert (report.title, report.publisher, report.published) == ("Drones hit Odesa", "Example News", MOMENT)
    assert (report.text, record.extra, record.dated_by_page) == (BODY, {}, True)


def test_a_page_that_declares_nothing_has_the_name_of_its_file(write: Write) -> None:
    (record,) = received([write("saved.htm", page())], dt.date(2020, 1, 1))
    assert (record.report.id, record.report.published, record.dated_by_page) == ("saved", dt.date(2020, 1, 1), False)


def test_a_sidecar_beats_what_a_page_declares(write: Write) -> None:
    path = write("saved.html", FULL)
    write("saved.meta.json", '{"id": "own", "published": "2025-04-25", "publisher": null, "citation": "C"}')
    (record,) = received([path])
    report = record.report
    assert (report.id, report.published, report.publisher) == ("own", dt.date(2025, 4, 25), None)
    assert (report.title, record.extra, record.dated_by_page) == ("Drones hit Odesa", {"citation": "C"}, False)


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.txt", "a.mhtml"])
def test_a_page_is_known_by_its_first_bytes(name: str) -> None:
    for raw in (FULL.encode(), b"\xef\xbb\xbf\n<!-- saved -->\n" + FULL.encode(), archive(FULL)):
        (record,) = read_upload(name, raw)
        assert isinstance(record, Received), record
        assert (record.report.id, record.report.text) == ("https://n.example/odesa", BODY)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ("", "utf-8"),
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-u">', "koi8-u"),
        ('<meta charset="utf-8">', "utf-16"),  # the byte-order mark is nearer to the truth
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="windows-1251">', "utf-8-sig"),
    ],
)
def test_a_page_is_decoded_as_it_declares(declared: str, encoding: str) -> None:
    words = "В Одесі загинули двоє людей, повідомив голова області. Рятувальники працюють на місці."
    html = f"<html><head>{declared}</head><body><article><p>{words}</p></article></body></html>"
    assert read_page(html.encode(encoding)).text == words


@pytest.mark.parametrize(("label", "character", "raw"), [("iso-8859-1", "“", b"\x93"), ("gb2312", "囍", b"\x87\xd6")])
def test_labels_stand_for_what_browsers_take_them_for(label: str, character: str, raw: bytes) -> None:
    html = f'<html><head><meta charset="{label}"></head><body><p>{LEAD}</p><p>He said: @ no.</p></body></html>'
    assert f"He said: {character} no." in read_page(html.encode().replace(b"@", raw)).text


def test_a_charset_that_came_with_the_page_counts() -> None:
    words = "В Одесі загинули двоє людей, повідомив голова області."
    (record,) = read_upload("a.mht", archive(f"<html><body><p>{words}</p></body></html>", "windows-1251"))
    assert isinstance(record, Received)
    assert record.report.text == words


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (page().encode().replace(b"drone", b"dr\xffne"), "cannot be decoded as UTF-8 (byte 0xff at "),
        (b'<html><head><meta charset="rot13"></head><p>x', "declares an encoding that is not known ('rot13')."),
        (b'<html><head><meta charset="utf-7"></head><p>x', "declares an encoding that is not known ('utf-7')."),
        (LEAD.encode(), "is plain text, not a web page."),
        (b"", "is plain text, not a web page."),
        (f"<html><body>{MENU}{AFTER}</body></html>".encode(), "has no main text that could be told from its menus."),
        (b"<html><body><script>go()</script><div id=app></div></body></html>", "has no main text that could be told"),
        (f"<html><body>{'<div>' * 5_000}{LEAD}".encode(), "is nested too deeply to be read to its end."),
        (f"<html><body>{'<p>a' * (MAX_ELEMENTS + 1)}".encode(), "has more than 60,000 elements."),
        (b"<html>" + b"x" * 5_000_000, "is larger than 5 MB, the most that one web page may hold."),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_in_words(raw: bytes, problem: str) -> None:
    assert refusal(raw).startswith(problem)


@pytest.mark.parametrize(
    "tag",
    [
        "<p {} >", "<p {}", "</p {} >", '<p a" {} ">', "<!--><p {} >", "<!-- --!><p {} >",
        "<title><!--</title><p {} >-->",
        "<script>'<!--'</script><p {} >-->", "<!doctype x '><p {} >", "<p title='>' {} >",
    ],
)  # fmt: skip
def test_no_element_hides_a_hundred_thousand_attributes(tag: str) -> None:
    attributes = " ".join(f'a{number}=">"' for number in range(100_000))
    start = time.process_time()
    assert refusal("<html><body>" + tag.format(attributes)) == "has an element <p> of more than 500 attributes."
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "piece",
    ["<p>a", "<a href=x>a</a>", "<br>a", "<tr><td>a", "<h2>a</h2><p>b</p>", "<li><p>a</p>", "<!--", "<", "<p ",
     '="', "&amp;", " "],
)  # fmt: skip
def test_time_grows_linearly_with_a_hostile_page(piece: str) -> None:
    def seconds(size: int) -> float:
        raw = f"<html><body><table>{piece * (size // len(piece))}".encode()
        start = time.process_time()
        assert len(list(read_upload("a.html", raw))) == 1
        return time.process_time() - start

    seconds(1_000)  # what is loaded once
    # The best of three: a busy machine makes any one of them long.
    short, long = (min(seconds(size) for _ in range(3)) for size in (10_000, 80_000))
    assert long < 24 * max(short, 0.02)


def test_lists_of_lists_in_a_description_are_no_work() -> None:
    for deep in ("[" * 400_000, '{"@graph":[' * 100_000, "[" + "[[]]," * 400_000 + "1]"):
        start = time.process_time()
        assert said_by(f'<script type="application/ld+json">{deep}</script>').published is None
        assert time.process_time() - start < 3


def test_entities_are_not_multiplied_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, never)
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    html = (
        f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "http://n.example/x.dtd" [<!ENTITY a "{"x" * 1000}">'
        f'<!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "{secret.as_uri()}">]><html><head><base href="http://n.example/">'
        f'<link rel="canonical" href="http://n.example/a"><script src="http://n.example/x.js"></script></head><body>'
        f'<article><img src="http://n.example/x.png"><p>{LEAD}</p><p>&b; &c; end</p></article>'
        f'<iframe src="http://n.example/y"></iframe></body></html>'
    )
    (record,) = read_upload("a.html", html.encode())
    assert isinstance(record, Received)
    assert LEAD in record.report.text
    assert "xxx" not in record.report.text
    assert "secret" not in record.report.text


def test_a_page_within_a_folder_of_a_page_is_no_report(write: Write, tmp_path: Path) -> None:
    for name in ("a.html", "a_files/saved_resource.html", "b_files/c.html", "d/e.mhtml"):
        write(name, FULL)
    found = [Path(record.origin.path).relative_to(tmp_path).as_posix() for record in read_reports([tmp_path])]
    assert found == ["a.html", "b_files/c.html", "d/e.mhtml"]


def test_what_the_library_says_is_not_said(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.WARNING):
        refusal("<html></html>")
    assert (caplog.text, *capsys.readouterr()) == ("", "", "")


def test_a_bug_of_a_library_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RecursionError

    import trafilatura

    monkeypatch.setattr(trafilatura, "extract", stumble)
    assert refusal(page()) == "could not be read as a web page (RecursionError)."


def test_the_library_is_not_loaded_before_a_page_is_read() -> None:
    code = "import sys, tracker.ingest, tracker.cli; print([m for m in ('trafilatura', 'lxml') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
