"""The commands of an analyst's desk: ``tracker correct``, ``audit``, ``forget``, ``rebuild``, ``geocode``, ``failures``
and ``retry``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.console import Database, count, date, opened, say, stop
from tracker.corrections import Action, Change
from tracker.models import Claim, Group, Measure
from tracker.serialise import now, to_json, visible

if TYPE_CHECKING:
    from tracker.amend import Entry
    from tracker.store import Store

correct = typer.Typer(
    help="Correct what was read or how it was put together. Every correction is a row with who, when and why; "
    "rows are never changed, only undone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Who = Annotated[str, typer.Option("--who", envvar="TRACKER_ANALYST", help="Who corrects.", show_default=False)]
_Why = Annotated[str, typer.Option("--why", help="Why, in words.", show_default=False)]
_Link = Annotated[str | None, typer.Option("--link", metavar="URL", help="What it rests on.")]
_Ids = Annotated[
    list[str],
    typer.Argument(
        metavar="ID...", show_default=False, help="Claims or whole strikes, by id ('tracker audit STRIKE')."
    ),
]


def mount(app: typer.Typer) -> None:
    """Add the desk's commands to the program."""
    app.add_typer(correct, name="correct")
    for command in (review, audit, forget, rebuild, geocode, failures, retry):
        app.command()(command)


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be done ends the command in words."""
    try:
        yield
    except ValueError as error:
        raise stop(str(error)) from None


def _held(store: Store, ids: Sequence[str]) -> list[Claim]:
    """The claims that ids stand for: a claim's own, or all of a strike's."""
    wanted: list[Claim] = []
    for each in ids:
        found = store.claims_of(each) or store.claims_with(each)
        if not found:
            raise stop(
                f"There is no claim and no strike '{each}' in {store.name}. 'tracker audit STRIKE' lists claims."
            )
        wanted += found
    return wanted


def _made(
    database: str | None,
    ids: Sequence[str],
    action: Action,
    who: str,
    why: str,
    link: str | None,
    change: Change | None,
) -> None:
    from tracker.amend import correct as enter

    with opened(database, create=False) as store, _refusals():
        made = enter(store, action, _held(store, ids), who=who, when=now(), why=why, link=link, change=change)
        typer.echo(f"Correction {made.number} is in force. 'tracker correct undo {made.number}' takes it back.")


@correct.command("figure")
def figure(
    ids: _Ids,
    value: Annotated[
        str, typer.Option("--set", metavar="N|N..|..N|N..M", help="The figure: 9, at least 9.., at most ..9.")
    ],
    who: _Who,
    why: _Why,
    link: _Link = None,
    database: Database = None,
) -> None:
    """Set the figure of a claim."""
    low, dots, high = value.partition("..")
    try:
        bounds = (int(low) if low else None, int(high) if high else (None if dots else int(low)))
    except ValueError:
        raise typer.BadParameter(f"'{visible(value)}' is no figure. Write 9, 9.., ..9 or 9..12.") from None
    if any(bound is not None and bound < 0 for bound in bounds):
        raise typer.BadParameter("A figure is not below zero.")
    _made(database, ids, Action.FIGURE, who, why, link, Change(low=bounds[0], high=bounds[1]))


@correct.command("reject")
def reject(ids: _Ids, who: _Who, why: _Why, link: _Link = None, database: Database = None) -> None:
    """Leave claims out: they are about something else, or no claims at all."""
    _made(database, ids, Action.REJECT, who, why, link, None)


@correct.command("move")
def move(
    ids: _Ids,
    who: _Who,
    why: _Why,
    place: Annotated[str | None, typer.Option("--place", help="The settlement.")] = None,
    admin1: Annotated[str | None, typer.Option("--admin1", help="The region.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="The country.")] = None,
    day: Annotated[Any, typer.Option("--date", metavar="DATE", parser=str, callback=date, help="The day.")] = None,
    last: Annotated[
        Any, typer.Option("--date-end", metavar="DATE", parser=str, callback=date, help="The last day.")
    ] = None,
    link: _Link = None,
    database: Database = None,
) -> None:
    """Move claims to another place or day."""
    from tracker.placing import placed

    where = placed(place, admin1, country)
    if where.note:
        say(f"Note: {where.note[0].lower()}{where.note[1:]}")
    first, end = (value.date() if isinstance(value, dt.datetime) else value for value in (day, last))
    if end is not None and (first is None or end < first):
        raise typer.BadParameter("--date-end needs a --date before it.")
    change = Change(
        place=where.place,
        admin1=where.admin1,
        country=where.country,
        lat=where.lat,
        lon=where.lon,
        date=first,
        date_end=end,
    )
    _made(database, ids, Action.MOVE, who, why, link, change)


@correct.command("recode")
def recode(
    ids: _Ids,
    who: _Who,
    why: _Why,
    measure: Annotated[Measure | None, typer.Option("--measure", help="What is counted.")] = None,
    group: Annotated[Group | None, typer.Option("--group", help="Who is counted.")] = None,
    weapons: Annotated[
        str | None, typer.Option("--weapons", metavar="W[+W]", help="Weapon classes joined by +; empty: none is named.")
    ] = None,
    attacker: Annotated[str | None, typer.Option("--attacker", help="Who attacked; empty: nobody is named.")] = None,
    link: _Link = None,
    database: Database = None,
) -> None:
    """Give claims another measure, group, weapon or attacker than was read."""
    from tracker.charts_style import weapon_classes

    named = None if weapons is None else tuple(sorted(filter(None, weapons.split("+"))))
    if unknown := sorted(set(named or ()) - set(weapon_classes())):
        known = ", ".join(weapon_classes())
        raise typer.BadParameter(f"'{visible(unknown[0])}' is no weapon class. Those of the codebook are {known}.")
    _made(
        database,
        ids,
        Action.RECODE,
        who,
        why,
        link,
        Change(measure=measure, group=group, weapons=named, attacker=attacker),
    )


@correct.command("merge")
def merge(ids: _Ids, who: _Who, why: _Why, link: _Link = None, database: Database = None) -> None:
    """Make one strike of several."""
    if len(ids) < 2:
        raise typer.BadParameter("Name two strikes or more.")
    _made(database, ids, Action.MERGE, who, why, link, None)


@correct.command("split")
def split(ids: _Ids, who: _Who, why: _Why, link: _Link = None, database: Database = None) -> None:
    """Make claims a strike of their own."""
    _made(database, ids, Action.SPLIT, who, why, link, None)


@correct.command("undo")
def undo(
    number: Annotated[int, typer.Argument(help="The number of the correction.", show_default=False)],
    who: _Who,
    why: _Why,
    link: _Link = None,
    database: Database = None,
) -> None:
    """Take a correction back; taking that back brings it in force again."""
    from tracker.amend import undo as enter

    with opened(database, create=False) as store, _refusals():
        made = enter(store, number, who=who, when=now(), why=why, link=link)
        typer.echo(f"Correction {number} is undone by correction {made.number}.")


def review(
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="List at most so many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    database: Database = None,
) -> None:
    """List what a person should look at, what could move the totals most first; the page Review settles it."""
    from tracker.review import queue

    with opened(database, create=False) as store:
        items = queue(store)
        for item in items[:number]:
            found = store.strike(item.strike_id)
            assert found is not None
            where = found.strike.place or found.strike.admin1 or found.strike.country
            rows = {
                "strike": item.strike_id,
                "place": where,
                "date": found.strike.date and found.strike.date.isoformat(),
                "doubts": [f"{flag.doubt}" + (f", {flag.measure}" if flag.measure else "") for flag in item.flags],
                "moves": {measure.value: by for measure, by in item.moves.items()} or None,
            }
            _print([rows], as_json)
        if not as_json:
            typer.echo(f"{count(len(items), 'strike')} to review." if items else "Nothing is left to review.")


def audit(
    strike: Annotated[
        str | None, typer.Argument(metavar="[STRIKE]", help="List the claims behind this strike instead.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    database: Database = None,
) -> None:
    """List every correction ever made, what has become of it, and what was forgotten; or the claims of a strike."""
    from tracker.amend import log
    from tracker.audit import lines
    from tracker.ledger import tombstones

    with opened(database, create=False) as store:
        if strike is not None:
            _print(_claim_rows(store, strike), as_json)
            return
        entries = log(store)
        with store.reading() as connection:
            gone = [
                {"forgotten": row.report_id, "hash": row.hash, "when": row.forgotten, "why": row.why}
                for row in tombstones(connection)
            ]
        if as_json:
            _print([*map(_entry_row, entries), *gone], as_json)
        else:
            for line in lines(entries):
                link = f" <{line.correction.link}>" if line.correction.link else ""
                typer.echo(visible(f"{line.correction.number}. {line.sentence}{link}"))
                for sentence in dict.fromkeys(anchor.sentence for anchor in line.correction.anchors):
                    typer.echo(visible(f"    {sentence}"))
            if gone or not entries:
                _print(gone, as_json)
        lost = sum(bool(entry.lost) for entry in entries)
        if lost:
            say(f"Note: {count(lost, 'correction')} no longer finds its claim; look at what it was about.")


def _entry_row(entry: Entry) -> dict[str, Any]:
    correction = entry.correction
    change = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name in Change.__dataclass_fields__
        if (value := getattr(correction.change, name)) is not None
    }
    held = [
        {"report": a.report_id, "measure": a.measure.value, "text": a.text, "sentence": a.sentence}
        for a in correction.anchors
    ]
    return {
        "number": correction.number,
        "action": correction.action.value,
        "state": entry.state.value,
        "who": correction.who,
        "when": correction.when.isoformat(),
        "why": correction.why,
        "link": correction.link,
        "change": change or None,
        "undoes": correction.undoes,
        "claims": held or None,
        "lost": [anchor.sentence for anchor in entry.lost] or None,
    }


def _claim_rows(store: Store, strike_id: str) -> list[dict[str, Any]]:
    found = store.strike(strike_id)
    if found is None:
        raise stop(f"There is no strike '{strike_id}' in {store.name}.")
    became = {
        claim_id: state
        for figure in found.strike.figures
        for state in ("supporting", "superseded", "current")
        for claim_id in getattr(figure, state)
    }
    return [
        {
            "claim": claim.claim_id,
            "report": claim.report_id,
            "published": claim.published and claim.published.isoformat(),
            "figure": f"{claim.measure} {claim.text}" + (f" {claim.group}" if claim.group != "all" else ""),
            "source": claim.source,
            "status": became.get(claim.claim_id),
            "sentence": claim.sentence,
        }
        for claim in found.claims
    ]


def _print(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if not rows and not as_json:
        typer.echo("Nothing has been corrected or forgotten.")
    for row in rows:
        said = {name: value for name, value in row.items() if value is not None}
        if as_json:
            typer.echo(to_json(said))
            continue
        for at, (name, value) in enumerate(said.items()):
            shown = value if isinstance(value, str | int) else to_json(value)
            typer.echo(visible(f"{'' if at == 0 else '    '}{name}: {shown}"))


def forget(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The id of the report.", show_default=False)],
    why: Annotated[str | None, typer.Option("--why", help="Why, in words.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = None,
) -> None:
    """Remove a report and all that derives from it; a tombstone with its hash is left. There is no way back."""
    from tracker.amend import forget as remove

    with opened(database, create=False) as store:
        if not yes and not typer.confirm(
            f"Remove the report '{visible(report)}' and all that derives from it for good?"
        ):
            raise typer.Exit(1)
        digest = remove(store, report, when=now(), why=why)
        typer.echo(f"The report is gone; its tombstone holds {digest}.")


def rebuild(database: Database = None) -> None:
    """Read every stored report again and make all claims and strikes anew."""
    with opened(database, create=False) as store:
        store.rebuild()
        counts = store.counts()
        typer.echo(
            f"{count(counts['reports'], 'report')} read again: {count(counts['claims'], 'claim')}, "
            f"{count(counts['strikes'], 'strike')}."
        )
        from tracker.amend import log

        if lost := [entry.correction.number for entry in log(store) if entry.lost]:
            say(f"Note: corrections that no longer find their claim: {', '.join(map(str, lost))}. See 'tracker audit'.")


def failures(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    database: Database = None,
) -> None:
    """List the records that could not be read so far, each with what is wrong and what to do about it."""
    with opened(database, create=False) as store:
        kept = store.failures()
    for failure in kept:
        if as_json:
            row = {
                "path": failure.origin.path,
                "line": failure.origin.line,
                "id": failure.error.report_id,
                "problem": failure.error.problem,
                "advice": failure.error.advice,
                "whole": failure.whole,
            }
            typer.echo(to_json(row))
        else:
            typer.echo(visible(str(failure.error)))
    if not kept and not as_json:
        typer.echo("Everything could be read.")
    if (parts := sum(not failure.whole for failure in kept)) and not as_json:
        say(f"Note: {count(parts, 'record')} not kept whole; 'tracker ingest' reads the file again.")


def retry(database: Database = None) -> None:
    """Read the records again that could not be read; those that can be now are taken in."""
    with opened(database, create=False) as store:
        summary = store.retry(accessed=now(), on_failure=lambda error: say(str(error)))
        typer.echo(
            f"{count(summary.added, 'new report')}, {summary.changed} changed, {summary.unchanged} unchanged, "
            f"{len(summary.failed)} failed again."
        )
    if summary.failed:
        raise typer.Exit(1)


def geocode(
    online: Annotated[
        bool, typer.Option("--online", help="Ask OpenStreetMap's Nominatim, one place a second.")
    ] = False,
    database: Database = None,
) -> None:
    """List the places that the gazetteer lacks; with --online, ask for them and keep the answers."""
    from tracker.amend import geocode as find
    from tracker.amend import unplaced
    from tracker.online import nominatim

    with opened(database, create=False) as store:
        places = unplaced(store)
        if not online:
            for place in places:
                typer.echo(visible(", ".join(filter(None, (place.place, place.admin1, place.country)))))
            say(f"{count(len(places), 'place')} without coordinates. 'tracker geocode --online' asks for them.")
            return

        def told(place: Any, found: bool) -> None:
            say(f"{place.place}: {'found' if found else 'not found'}")

        try:
            found = find(store, nominatim(), provider="Nominatim", now=now, on_answer=told)
        except Exception as error:
            if not type(error).__module__.startswith("geopy"):
                raise
            say(f"The geocoder does not answer ({error}). What it said before is kept; run it again later.")
            raise typer.Exit(1) from None
        typer.echo(f"{found} of {count(len(places), 'place')} found.")
