"""What a web page declares about itself: title, publisher, address and the day it was published.

Only declarations are read: schema.org (JSON-LD and ``itemprop``), OpenGraph and ``<meta>``. Nothing is guessed from
words, addresses or copyright lines, and a date of modification is never taken for one of publication: a wrong date
is worse than none.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

#: Names of ``<meta>`` that stand for the day of publication, and for nothing else.
_FIRST_DATES = ("article:published_time", "og:article:published_time")
_OTHER_DATES = (
    "datepublished", "parsely-pub-date", "sailthru.date", "publication_date", "publish-date", "publish_date",
    "publishdate", "pubdate", "dc.date.issued", "dcterms.issued", "citation_publication_date",
)  # fmt: skip
_SITES = ("og:site_name",)
_PUBLISHERS = ("publisher", "dc.publisher", "dcterms.publisher", "citation_publisher")
_TITLES = ("og:title", "twitter:title")
#: Types of schema.org that are a text of their own; ``NewsArticle`` and its kin end in ``Article``.
_ARTICLES = frozenset({"BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report"})
#: There were no web pages before, so that an earlier year is a field that nobody filled in.
_FIRST_YEAR = 1991
_MAX_THINGS = 1_000
_DAY = dt.timedelta(days=1)
_STAMP = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; None where it does not say it, or says two things."""

    title: str | None = None
    publisher: str | None = None
    published: dt.date | None = None
    url: str | None = None


def metadata_of(tree: Any) -> PageMetadata:
    """The declarations of a page, which is an element of lxml."""
    meta = _meta(tree)
    url = next(filter(None, map(_address, (_canonical(tree), meta.get("og:url")))), None)
    article = _article(_described(tree), url)
    heading = tree.find(".//head/title")
    return PageMetadata(
        title=_words(article.get("headline"))
        or _first(meta, _TITLES)
        or (None if heading is None else _words(heading.text_content())),
        publisher=_first(meta, _SITES) or _name(article.get("publisher")) or _first(meta, _PUBLISHERS),
        published=_published(tree, meta, article),
        url=url,
    )


def declared_date(value: object) -> dt.date | None:
    """A day, or a time that says its zone; None for anything else.

    A time without a zone gives its day only, and so does midnight, which stands for a time that nobody entered.

    >>> declared_date("2025-04-24T07:30:00+03:00").isoformat()
    '2025-04-24T07:30:00+03:00'
    >>> declared_date("2025-04-24 07:30:00"), declared_date("2025-04-24T00:00:00Z")
    (datetime.date(2025, 4, 24), datetime.date(2025, 4, 24))
    >>> declared_date("Thu, 24 Apr 2025 07:30:00 +0300").isoformat()
    '2025-04-24T07:30:00+03:00'
    >>> declared_date("24.04.2025"), declared_date("2025-02-30"), declared_date("1970-01-01T00:00:00Z")
    (None, None, None)
    """
    if not isinstance(value, str) or len(value) > 60:
        return None
    try:
        if (stamp := _STAMP.fullmatch(value.strip())) is None:
            moment = email.utils.parsedate_to_datetime(value.strip())
        else:
            moment = dt.datetime.fromisoformat(
                f"{stamp['day']}T{stamp['time'] or '00:00'}{(stamp['zone'] or '').upper()}"
            )
        if moment.year < _FIRST_YEAR:
            return None
        timeless = moment.tzinfo is None or moment.time() == dt.time()
        moment.timetuple()  # a zone beyond a day has no time
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return moment.date() if timeless else moment


def _published(tree: Any, meta: Mapping[str, str], article: Mapping[str, Any]) -> dt.date | None:
    """When a page was published, where all that it declares agrees."""
    first = [declared_date(article.get("datePublished")), *(declared_date(meta.get(name)) for name in _FIRST_DATES)]
    given = [each for each in first if each is not None]
    if not given:
        others = [declared_date(meta.get(name)) for name in _OTHER_DATES]
        others += [declared_date(value) for value in {*_properties(tree, "datePublished")}]
        given = [each for each in others if each is not None]
    return agreed(given)


def agreed(dates: Iterable[dt.date]) -> dt.date | None:
    """The one date that several declarations mean; None where they are more than a day apart.

    A time tells more than a day; of two times the earlier one is that of publication.

    >>> agreed([dt.date(2025, 4, 24), dt.datetime(2025, 4, 24, 7, 30, tzinfo=dt.UTC)])
    datetime.datetime(2025, 4, 24, 7, 30, tzinfo=datetime.timezone.utc)
    >>> agreed([dt.date(2025, 4, 24), dt.date(2025, 4, 27)])
    """
    known = list(dates)
    moments = sorted(each for each in known if isinstance(each, dt.datetime))
    days = sorted(each.date() if isinstance(each, dt.datetime) else each for each in known)
    if not known or days[-1] - days[0] > _DAY or (moments and moments[-1] - moments[0] > _DAY):
        return None
    if moments:
        return moments[0]
    return days[0] if days[0] == days[-1] else None


def _meta(tree: Any) -> dict[str, str]:
    """What ``<meta>`` declares, by its name in lower case; the first one stands."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop"):
            if content and (name := element.get(key)):
                found.setdefault(name.strip().lower(), content)
    return found


def _canonical(tree: Any) -> str | None:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            href: str | None = element.get("href")
            return href
    return None


def _properties(tree: Any, name: str) -> Iterator[str]:
    """Values of schema.org's property in the body of a page, machine-readable ones only."""
    for element in tree.iter("time", "span", "div"):
        if element.get("itemprop") == name and (value := element.get("datetime") or element.get("content")):
            yield value


def _described(tree: Any) -> Iterator[dict[str, Any]]:
    """The things that a page describes in JSON-LD, what stands inside of them left out."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_THINGS):  # more of them are no description of one page
            if not waiting:
                break
            thing = waiting.pop()
            if isinstance(thing, list):
                waiting += thing[_MAX_THINGS::-1]
            elif isinstance(thing, dict):
                yield thing
                waiting += [part for key in ("mainEntity", "@graph") if (part := thing.get(key))]


def _article(things: Iterable[dict[str, Any]], url: str | None) -> dict[str, Any]:
    """The article that a page is; empty where it declares none, or several and none of them as its own."""
    articles = [thing for thing in things if any(map(_is_article, _listed(thing.get("@type"))))]
    own = [thing for thing in articles if url is not None and url in _addresses(thing)]
    if len(articles) > 1 and own:
        articles = own
    if len({json.dumps(thing.get("datePublished")) for thing in articles}) > 1:
        return {}
    return articles[0] if articles else {}


def _is_article(name: object) -> bool:
    if not isinstance(name, str):
        return False
    short = name.rpartition("/")[2]
    return short.endswith("Article") or short in _ARTICLES


def _addresses(thing: Mapping[str, Any]) -> set[str | None]:
    page = thing.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    return {_address(value) for value in (thing.get("url"), thing.get("@id"), page)}


def _address(value: object) -> str | None:
    """An absolute address of a page; a site's front page is the address of no article."""
    if not isinstance(value, str) or len(value) > 2_000:
        return None
    try:
        address = urldefrag(value.strip()).url
        parts = urlsplit(address)
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and parts.netloc and (parts.path.strip("/") or parts.query)
    return address if whole and address.isprintable() and " " not in address else None


def _first(meta: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next(filter(None, (_words(meta.get(name)) for name in names)), None)


def _name(value: object) -> str | None:
    """The name of an organisation."""
    for each in _listed(value):
        name = _words(each.get("name") if isinstance(each, dict) else each)
        if name is not None and not name.startswith(("http:", "https:")):
            return name
    return None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(value: object) -> str | None:
    """A short text in one line; None for anything else."""
    if not isinstance(value, str):
        return None
    words = " ".join(value.encode("utf-8", "replace").decode("utf-8").split())
    return words if words and len(words) <= 1_000 else None
