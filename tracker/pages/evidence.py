"""The evidence under one strike: every sentence, its figures marked, its report, date and source. No Streamlit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from tracker.charts_style import DASH, bounds
from tracker.corrections import Action, Correction, apply
from tracker.export import sentence_start
from tracker.history import Status, TollStep, toll_history
from tracker.models import Claim, Field, Report, Strike
from tracker.pages import words
from tracker.serialise import visible


@dataclass(frozen=True, slots=True)
class Source:
    """A report, with the citation and the mark of a sample that its record carries beside it."""

    report: Report
    citation: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another strike that a strike points at: its id, where and when it was, and how far off in kilometres."""

    strike_id: str
    place: str
    days: str
    away: float | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with all the claims that were read in it, in the order of their figures."""

    sentence: str
    field: Field
    claims: tuple[Claim, ...]
    spans: tuple[tuple[int, int], ...]


def quotes(claims: Iterable[Claim], report: Report | None) -> list[Quote]:
    """The claims of one report, by sentence, in reading order."""
    by_sentence: dict[tuple[Field, int, str], list[Claim]] = {}
    for claim in sorted(claims, key=lambda one: (one.field != Field.TITLE, one.start, one.end, one.claim_id)):
        key = (claim.field, sentence_start(claim, report), claim.sentence)
        by_sentence.setdefault(key, []).append(claim)
    return [
        Quote(sentence, field, tuple(group), tuple((one.start - start, one.end - start) for one in group))
        for (field, start, sentence), group in by_sentence.items()
    ]


def standings(strike: Strike) -> dict[str, str]:
    """How each claim of a strike stands to its figures, by claim id."""
    said: dict[str, str] = {}
    for figure in strike.figures:
        said |= dict.fromkeys(figure.supporting, "supports")
        said |= dict.fromkeys(figure.superseded, "superseded by a later figure")
        said |= dict.fromkeys(figure.current, "current")
    return said


def why_superseded(steps: Sequence[TollStep]) -> dict[str, str]:
    """Why each superseded figure of a toll's history gave way, by claim id.

    Two things do that (codebook 8): its own source gave another figure later, or a later report gave a higher one.
    """
    said: dict[str, str] = {}
    for at, step in enumerate(steps):
        if step.status is not Status.SUPERSEDED:
            continue
        later = [one for one in steps[at + 1 :] if one.status is not Status.SUPPORTING]
        own = [one for one in later if (one.source, one.publisher) == (step.source, step.publisher)]
        higher = [one for one in later if _most(one) > _most(step)]
        if own and step.source is not None:
            said[step.claim_id] = f"superseded: the same source later said {bounds(own[-1].low, own[-1].high)}"
        elif higher:
            said[step.claim_id] = f"superseded: a later report says {bounds(higher[0].low, higher[0].high)}"
    return said


def _most(step: TollStep) -> int:
    return max(value for value in (step.low, step.high, 0) if value is not None)


def strike_html(
    strike: Strike,
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    left_out: str | None,
    linked: Sequence[Neighbour] = (),
    near: Sequence[Neighbour] = (),
    corrections: Sequence[Correction] = (),
) -> str:
    """The whole panel of evidence as escaped HTML.

    ``linked`` are the wider or finer strikes that overlap it, ``near`` those close by in place and time;
    ``corrections`` are what analysts have changed in it.
    """
    head = head_html(strike, left_out, linked, near, corrections)
    return head + body_html(strike, claims, sources, corrections)


def body_html(
    strike: Strike, claims: Iterable[Claim], sources: Mapping[str, Source], corrections: Sequence[Correction] = ()
) -> str:
    """The figures of a strike, and every sentence behind them by report."""
    claims = list(claims)
    by_report: dict[str, list[Claim]] = {}
    for claim in claims:
        by_report.setdefault(claim.report_id, []).append(claim)
    said = standings(strike)
    now = apply(claims, corrections).claims
    for figure in strike.figures:
        if figure.superseded:
            said |= why_superseded(toll_history(strike, now, figure.measure, figure.group))
    changed = corrected(claims, corrections)
    said |= {one: " · ".join(part for part in (said.get(one, ""), note) if part) for one, note in changed.items()}
    blocks = [
        _report_html(report_id, group, sources.get(report_id), said)
        for report_id, group in sorted(by_report.items(), key=lambda item: _when(item[0], item[1], sources))
    ]
    return f'<div class="st-evidence"><div>{words.figures_table(strike)}</div><div>{"".join(blocks)}</div></div>'


def head_html(
    strike: Strike,
    left_out: str | None,
    linked: Sequence[Neighbour] = (),
    near: Sequence[Neighbour] = (),
    corrections: Sequence[Correction] = (),
    *,
    desk: bool = False,
) -> str:
    """Where, when, with what and by whom; what it rests on; its links, and its permanent one.

    ``desk`` where it stands on the page *Review*, which needs no way there.
    """
    counts = ((strike.n_reports, "report"), (strike.n_publishers, "publisher"), (strike.n_sources, "source"))
    facts = [
        words.days(strike.date, strike.date_end),
        words.weapons(strike),
        f"attacker: {', '.join(strike.attackers) or DASH}",
        ", ".join(words.plural(number, noun) for number, noun in counts),
    ]
    if left_out:
        facts.append(f"not in sums: {left_out}")
    lines = [f'<div class="st-place">{words.text(" · ".join(facts))}</div>']
    if grade := strike.grade:
        reason = strike.grade_reason
        lines.append(
            f'<div class="st-place">evidence: {words.text(grade)}{f" ({words.text(reason)})" if reason else ""}</div>'
        )
    lines += [f'<div class="st-place">corrected: {_correction_html(one)}</div>' for one in corrections]
    if linked:
        lines.append(f'<div class="st-place">overlaps: {"; ".join(_strike_link(one) for one in linked)}</div>')
    if near:
        others = "; ".join(f"{_strike_link(one)} ({one.away or 0:.0f} km)" for one in near)
        lines.append(f'<div class="st-place">nearby, within a week: {others}</div>')
    permanent = f'<a class="st-link" href="{strike_address(strike.strike_id)}">permanent link</a>'
    review = "" if desk else f' · <a class="st-link" href="{review_address(strike.strike_id)}">review or correct</a>'
    lines.append(f'<div class="st-place">{permanent}{review}</div>')
    return f'<div class="st-strike">{words.text(words.place(strike))}</div>{"".join(lines)}'


def _correction_html(correction: Correction) -> str:
    """What an analyst changed, when and why, with the link that was given for it."""
    what = words.text(dataclasses.replace(correction, link=None).note)
    return f"{what} {link_html(correction.link)}" if correction.link else what


def corrected(claims: Iterable[Claim], corrections: Iterable[Correction]) -> dict[str, str]:
    """Which claims analysts have changed, and by which correction, by claim id."""
    claims, said = list(claims), {}
    for one in corrections:
        held = {
            (anchor.report_id, anchor.sentence, anchor.measure, anchor.group, anchor.text) for anchor in one.anchors
        }
        for claim in claims:
            if (claim.report_id, claim.sentence, claim.measure, claim.group, claim.text) in held:
                done = "accepted" if one.action is Action.ACCEPT else "as read; correction"
                said[claim.claim_id] = f"{done} #{one.number}"
    return said


def strike_address(strike_id: str) -> str:
    """The address of a strike, relative to any page of the dashboard."""
    return f"strikes?strike={quote(strike_id, safe='')}"


def review_address(strike_id: str) -> str:
    """The address at which a strike is reviewed, relative to any page of the dashboard."""
    return f"review?strike={quote(strike_id, safe='')}"


def _strike_link(strike: Neighbour) -> str:
    name = words.text(f"{strike.place}, {strike.days}")
    return f'<a href="{strike_address(strike.strike_id)}">{name}</a>'


def _when(report_id: str, claims: list[Claim], sources: Mapping[str, Source]) -> tuple[str, str]:
    """Reports in order of publication, the undated last."""
    source = sources.get(report_id)
    published = source.report.published if source else claims[0].published
    return (published.isoformat() if published else "~", report_id)


def _report_html(report_id: str, claims: list[Claim], source: Source | None, said: Mapping[str, str]) -> str:
    report = source.report if source else None
    parts = [_quote_html(quote, said) for quote in quotes(claims, report)]
    return f'<div class="st-report">{_origin_html(report_id, claims, source)}</div>' + "".join(parts)


def _origin_html(report_id: str, claims: list[Claim], source: Source | None) -> str:
    if source is None:
        known = claims[0].publisher or "publisher not said"
        origin = [known, words.day(claims[0].published), f"report {report_id}, no longer stored"]
        return f'<div class="origin">{words.text(" · ".join(origin))}</div>'
    report = source.report
    published = f"published {words.day(report.published_date)}" if report.published else "date of publication unknown"
    origin = [report.publisher or "publisher not said", published]
    if source.sample:
        origin.append("sample, not evidence")
    lines = [
        f'<div class="headline">{words.text(headline(report))}</div>',
        f'<div class="origin">{words.text(" · ".join(origin))}</div>',
    ]
    if source.citation:
        lines.append(f'<div class="origin">{words.text(source.citation)}</div>')
    if report.url:
        lines.append(f'<div class="origin">{link_html(report.url)}</div>')
    return "".join(lines)


def headline(report: Report) -> str:
    """A report's title, or its first line, or its id."""
    if report.title and report.title.strip():
        return report.title.strip()
    first = next((line.strip() for line in report.text[:2000].splitlines() if line.strip()), report.id)
    return first if len(first) <= 160 else first[:159] + "…"


def is_web_address(url: str) -> bool:
    """Whether an address leads to a page of the web, and shows where it leads.

    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
    plain = visible(url) == url.strip() and all(c.isprintable() and not c.isspace() for c in url)
    return web and plain


def link_html(url: str) -> str:
    """An address as a link where it is one of the web, else as plain letters ("javascript:..." stays a text)."""
    shown = words.text(url)
    if not is_web_address(url):
        return shown
    return f'<a href="{shown}" target="_blank" rel="noopener noreferrer nofollow">{shown}</a>'


def _quote_html(quote: Quote, said: Mapping[str, str]) -> str:
    readings = "".join(
        f'<div class="reading">{words.text(words.reading(claim, said.get(claim.claim_id, "")))}</div>'
        for claim in quote.claims
    )
    where = '<div class="reading">in the title</div>' if quote.field == Field.TITLE else ""
    sentence = words.marked(quote.sentence, quote.spans)
    return f'<div class="st-sentence"><div class="words" dir="auto">{sentence}</div>{where}{readings}</div>'
