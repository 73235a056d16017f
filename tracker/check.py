"""The command of blind checks: ``tracker sample`` draws claims for a person to mark and scores what was marked."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.console import Database, count, opened, say, stop
from tracker.models import Measure
from tracker.sampling import MOST_DRAWN, SEEDS, Tally
from tracker.serialise import now, to_json, visible

if TYPE_CHECKING:
    from tracker.blind import Check, Scored
    from tracker.sampling import Estimate

_USUAL = 100
_MOST_NAMED = 10


def mount(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(sample)


def sample(
    wanted: Annotated[
        int | None,
        typer.Argument(metavar="N", min=1, max=MOST_DRAWN, show_default=False, help="How many claims. Default: 100."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="SHEET", help="Write here: .csv or .xlsx. Default: sample-DATE.csv."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=SEEDS - 1, help="Draw the same again from the same claims.", metavar="S"),
    ] = None,
    measures: Annotated[
        list[Measure] | None, typer.Option("--measure", help="Draw only of this measure; may be given again.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a sheet that exists, with its marks.")] = False,
    scored: Annotated[
        Path | None, typer.Option("--score", metavar="SHEET", help="Score a marked sheet and keep the result.")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", envvar="TRACKER_ANALYST", help="Who marked the sheet.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the score as JSON.")] = False,
    database: Database = None,
) -> None:
    """Draw claims at random for you to mark right or wrong; with --score, say how often the reader was right."""
    if scored is None:
        if as_json:
            raise typer.BadParameter("--json goes with --score.")
        _draw(wanted or _USUAL, output, seed, measures or [], force, database)
        return
    if any((wanted, output, seed is not None, measures, force)):
        raise typer.BadParameter("--score reads a sheet; it takes --who, --json and --db, nothing that draws one.")
    _score(scored, who, as_json, database)


def _draw(
    wanted: int, output: Path | None, seed: int | None, measures: list[Measure], force: bool, database: str | None
) -> None:
    from tracker.blind import draw_claims
    from tracker.export import replacing
    from tracker.marksheet import HOW_TO_MARK, to_csv, to_excel

    path = output or Path(f"sample-{dt.datetime.now(dt.UTC).date()}.csv")
    write = {".csv": to_csv, ".xlsx": to_excel}.get(path.suffix.lower())
    if write is None:
        raise stop(f"{path} is neither .csv nor .xlsx. Name the sheet so that its kind is known.")
    if path.exists() and not force:
        raise stop(f"{path} exists, and may hold marks. Name another sheet with -o, or write over it with --force.")
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    with opened(database, create=False) as store:
        try:
            rows = draw_claims(store, wanted, seed, measures)
        except ValueError as error:
            raise stop(str(error)) from None
    try:
        with replacing(path) as stream:
            stream.write(write(rows))
    except OSError as error:
        raise stop(f"{path} cannot be written ({error.strerror or error}).") from None
    typer.echo(f"{visible(str(path))} holds {count(len(rows), 'claim')}, drawn at random with --seed {seed}.")
    if len(rows) < wanted:
        typer.echo("That is all there are.")
    for line in HOW_TO_MARK:
        typer.echo(line)


def _score(path: Path, who: str | None, as_json: bool, database: str | None) -> None:
    from importlib.metadata import version

    from tracker.blind import score
    from tracker.marksheet import MOST_BYTES, SheetError, read_sheet

    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        rows = read_sheet(content)
        with opened(database, create=False) as store:
            found = score(store, rows, who=who, when=now(), version=version("strike-tracker"))
    except OSError as error:
        raise stop(f"{path} cannot be read ({error.strerror or error}).") from None
    except SheetError as error:
        say(f"{path} cannot be scored.")
        for problem in error.problems:
            say(problem)
        raise typer.Exit(2) from None
    for each in found.gone[:_MOST_NAMED]:
        say(f"Row {each.row} is left out: of claim {each.claim_id}, {each.why}.")
    if len(found.gone) > _MOST_NAMED:
        say(f"And {len(found.gone) - _MOST_NAMED:,} more rows are left out.")
    check = found.check
    if not found.added:
        say(f"These marks were kept before, as check {check.number} of {check.made.date()}; nothing was added.")
    if as_json:
        typer.echo(to_json(_as_dict(found)))
        return
    for line in _lines(check):
        typer.echo(visible(line))


def _as_dict(found: Scored) -> dict[str, Any]:
    check = found.check
    return {
        "number": check.number,
        "added": found.added,
        "made": check.made.isoformat(),
        "who": check.who,
        "version": check.version,
        "seed": check.seed,
        "claims": check.claims,
        "figure": _estimate(check.figure),
        "rest": _estimate(check.rest),
        "measures": {
            str(each.measure): {
                "population": each.population,
                "drawn": each.drawn,
                "gone": each.gone,
                "figure": _tally(each.figure),
                "rest": _tally(each.rest),
            }
            for each in check.strata
        },
        "left_out": [{"row": each.row, "claim": each.claim_id, "why": each.why} for each in found.gone],
    }


def _estimate(found: Estimate | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {"precision": found.share, "low": found.low, "high": found.high, "covered": found.covered}


def _tally(marks: Tally) -> dict[str, Any]:
    found = marks.estimate
    return {
        "right": marks.right,
        "wrong": marks.wrong,
        "unsure": marks.unsure,
        "unmarked": marks.unmarked,
        "precision": found and found.share,
        "low": found and found.low,
        "high": found and found.high,
    }


def _lines(check: Check) -> Iterator[str]:
    """A check for the eye."""
    by = f" by {check.who}" if check.who else ""
    yield (
        f"Check {check.number}, {check.made.date()}{by}, Strike Tracker {check.version}: "
        f"{count(sum(each.drawn for each in check.strata), 'claim')} drawn of {check.claims:,} (seed {check.seed})."
    )
    rows = [("measure", "claims", "figure right", "circumstances right"), *check.rows()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from check.notes()
