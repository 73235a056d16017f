"""The commands: ``tracker extract``, ``ingest``, ``table``, ``evaluate``, ``dashboard``, those of ``desk``, ``check``.

Exit status: 0 all was read, 1 some reports failed (named on standard error, the rest written), 2 wrong use, or
a file or database that cannot be used. What reports say is printed with its control characters written out,
so that no text can command a terminal.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import check, desk
from tracker.console import Database, count, date, in_words, opened, say, stop
from tracker.ingest import STDIN, Received, Record, files_under, read_reports
from tracker.lexicon import LexiconError
from tracker.models import Basis, Group, Measure, Policy, Scope, Strike, VaguePolicy, joined_weapons
from tracker.serialise import now, to_json, visible

if TYPE_CHECKING:
    from tracker.store import Store

app = typer.Typer(
    name="tracker",
    help="Read reports of armed violence: every figure a claim with its sentence, claims reconciled into strikes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

desk.mount(app)
check.mount(app)

_PACKAGE = Path(__file__).resolve().parent


class _Failed(typer.Exit):
    """Ends a command that did its work but for some reports."""

    def __init__(self) -> None:
        super().__init__(1)


def _existing(paths: list[Path]) -> list[Path]:
    for path in paths:
        if path != STDIN and not path.exists():
            raise typer.BadParameter(f"There is no file or folder '{visible(str(path))}'.")
    return paths


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tracker {version('strike-tracker')}")
        raise typer.Exit


_Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="IN...",
        callback=_existing,
        show_default=False,
        help="Text files (.txt), saved web pages (.html, .mhtml), tables (.csv: a column 'text', a row a report), "
        "JSON Lines (.jsonl: id, text, title, published, publisher, url), folders of these, or - for JSON Lines from "
        "standard input.",
    ),
]
_Published = Annotated[
    Any,
    typer.Option(
        "--published",
        metavar="DATE",
        parser=str,
        callback=date,
        help="Publication date of reports that carry none of their own: YYYY-MM-DD, or with a time and its zone.",
    ),
]
_PolicyOption = Annotated[Policy, typer.Option("--policy", help="Which current figure is the best one.")]
_VagueOption = Annotated[VaguePolicy, typer.Option("--vague", help="How words such as 'dozens' are read.")]


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Read reports of armed violence: every figure a claim with its sentence, claims reconciled into strikes."""


@app.command()
def extract(
    inputs: _Inputs,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT.jsonl", help="Write here; default: standard output.")
    ] = None,
    published: _Published = None,
    policy: _PolicyOption = Policy.LATEST,
    vague: _VagueOption = VaguePolicy.LITERAL,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that read; the output is the same.")] = 1,
) -> None:
    """Print the claims and strikes of each report, one JSON line a report, in order."""
    from tracker.batch import read_all

    if output is not None and any(output.exists() and path.exists() and output.samefile(path) for path in inputs):
        raise stop(f"{output} is an input; name another file to write.")
    read = failed = undated = 0
    dated = _DatedByPage()
    with _writing(output) as write, _progress(inputs) as (advance, tell):
        records = dated.seen(read_reports(inputs, published=published))
        for outcome in read_all(records, policy=policy, vague=vague, jobs=jobs):
            if outcome.line is not None:
                write(outcome.line.encode() + b"\n")
            if outcome.error is not None:
                failed += 1
                tell(str(outcome.error))
            else:
                read += 1
                undated += outcome.undated
            advance(outcome.size)
    dated.note()
    _note_undated(undated)
    if failed:
        say(f"{count(read, 'report')} read, {failed} failed.")
        raise _Failed


@app.command()
def ingest(
    inputs: _Inputs,
    published: _Published = None,
    database: Database = None,
) -> None:
    """Store reports with their claims and strikes. Running it again changes nothing."""
    dated = _DatedByPage()
    with opened(database) as store:
        with _progress(inputs) as (advance, tell):

            def each() -> Iterator[Record]:
                for record in dated.seen(read_reports(inputs, published=published)):
                    yield record
                    advance(len(record.raw))

            summary = store.ingest(each(), accessed=now(), on_failure=lambda error: tell(str(error)))
        counts = store.counts()
        dated.note()
        _note_undated(summary.undated)
        typer.echo(
            f"{count(summary.added, 'new report')}, {summary.changed} changed, {summary.unchanged} unchanged, "
            f"{len(summary.failed)} failed."
        )
        typer.echo(
            f"{visible(store.name)} holds {count(counts['reports'], 'report')}, {count(counts['claims'], 'claim')}, "
            f"{count(counts['strikes'], 'strike')}."
        )
        if counts["failures"]:
            say(
                f"{count(counts['failures'], 'record')} that could not be read so far: kept until they can be. "
                "'tracker failures' lists them, 'tracker retry' reads them again."
            )
    if summary.failed:
        raise _Failed


@app.command()
def table(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.csv", help="Write the whole table as CSV; - is standard output."),
    ] = None,
    policy: _PolicyOption = Policy.LATEST,
    vague: _VagueOption = VaguePolicy.LITERAL,
    database: Database = None,
) -> None:
    """Print the strikes, or write their table: one row a strike, keyed by city, date and weapon."""
    with opened(database, create=False) as store:
        _finish_interrupted(store)
        _note_unshown(store)
        if output is None:
            for line in _strike_lines(store.strikes(policy, vague)):
                typer.echo(line)
            return
        from tracker.export import csv_lines

        rows = csv_lines(store.table(policy, vague))
        if output == STDIN and sys.stdout.isatty():
            for row in rows:
                typer.echo(visible(row.decode("utf-8-sig").rstrip()))
            return
        with _writing(None if output == STDIN else output) as write:
            for row in rows:
                write(row)


@app.command()
def evaluate(
    gold: Annotated[
        list[Path], typer.Argument(metavar="GOLD.jsonl...", callback=_existing, help="Labelled reports, one a line.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON, one line a file.")] = False,
    misses: Annotated[
        bool, typer.Option("--misses", help="List every missed, spurious and differing claim with its sentence.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option("--record", help="A folder of earlier outcomes: print the claims gained and lost since then."),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Write the outcomes to the folder of --record.")] = False,
) -> None:
    """Score the reader against labelled reports: precision, recall and F1, and how often each field is right."""
    from tracker.evaluate import GoldError, changes, read_gold
    from tracker.evaluate import evaluate as score_of
    from tracker.extract import extract as read

    for path in gold:
        try:
            score = score_of(read_gold(path), read)
        except (GoldError, OSError, UnicodeDecodeError) as error:
            raise stop(str(error)) from None
        if as_json:
            typer.echo(to_json({"file": path.name, **score.as_dict()}))
        else:
            for line in _score_lines(path.name, score.as_dict()):
                typer.echo(visible(line))
        if misses:
            for note in score.notes:
                typer.echo(visible(note), err=as_json)
        if record is not None:
            file = record / f"{path.stem}.txt"
            before = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
            for change in changes(before, score.outcomes):
                typer.echo(visible(change), err=as_json)
            if update:
                record.mkdir(parents=True, exist_ok=True)
                file.write_text("".join(f"{line}\n" for line in sorted(score.outcomes)), encoding="utf-8")


@app.command()
def dashboard(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on this machine.")] = 8501,
    sample: Annotated[bool, typer.Option("--sample", help="Show the bundled sample reports.")] = False,
    database: Database = None,
) -> None:
    """Show the dashboard in the browser; the bundled sample reports where there are none of your own yet."""
    script = next(
        (path for path in (_PACKAGE / "_bundled", _PACKAGE.parent) if (path / "dashboard.py").is_file()), None
    )
    if script is None:
        raise stop("The dashboard of Strike Tracker is missing. Install the package again.")
    if not _free(port):
        raise stop(f"Port {port} is in use. Name another one with --port.")
    if not sample:
        with in_words():
            _prepare_for_reading(database)
    # The pages open the database themselves, so that reports ingested meanwhile appear.
    os.environ["TRACKER_DB"] = database or ""
    os.environ["TRACKER_SAMPLE"] = "1" if sample else ""

    from streamlit.web import cli as streamlit

    settings = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.showEmailPrompt": "false",
        "server.maxUploadSize": 50,
        "browser.gatherUsageStats": "false",
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    streamlit.main(["run", str(script / "dashboard.py"), *arguments], prog_name="streamlit", standalone_mode=False)


def _prepare_for_reading(database: str | None) -> None:
    """Say what the dashboard will show, and finish what an interrupted ingest has left."""
    from tracker.store import open_with_reports

    store = open_with_reports(database)
    if store is None:
        say("No reports of your own yet: showing the sample reports. 'tracker ingest' takes yours in.")
        return
    with store:
        _finish_interrupted(store)


def _finish_interrupted(store: Store) -> None:
    if store.stale and store.refresh():
        say("Note: an ingest was interrupted; the strikes have been made again from all stored claims.")


@contextmanager
def _writing(output: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Where bytes go: a file that appears when it is whole, or standard output."""
    from tracker.export import replacing

    if output is None:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    try:
        with replacing(output) as stream:
            yield stream.write
    except OSError as error:
        raise stop(f"{output} cannot be written ({error.strerror or error}).") from None


@contextmanager
def _progress(inputs: Sequence[Path]) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """A bar over the inputs' bytes, on a terminal only; gives ``advance``, and a ``say`` that keeps clear of it."""
    if not sys.stderr.isatty():
        yield (lambda size: None), say
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    total = None if STDIN in inputs else sum(_size(file) for path in inputs for file in files_under(path))
    console = Console(stderr=True)
    columns = (TextColumn("Reading"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=total)
        yield (
            lambda size: bar.advance(task, size + 1),
            lambda message: console.print(visible(message), markup=False, highlight=False, soft_wrap=True),
        )


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


class _DatedByPage:
    """Counts the reports the day of which is what their web page says of itself."""

    def __init__(self) -> None:
        self.number = 0

    def seen(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, counted as they pass."""
        for record in records:
            self.number += isinstance(record, Received) and record.dated_by_page
            yield record

    def note(self) -> None:
        if self.number:
            say(
                f"Note: {count(self.number, 'report')} dated by what the web page says of itself. "
                "A NAME.meta.json beside a page says otherwise."
            )


def _note_undated(number: int) -> None:
    if number:
        say(
            f"Note: {count(number, 'report')} without a publication date: 'yesterday' and the like stay unresolved. "
            "Give one with --published."
        )


def _note_unshown(store: Store) -> None:
    from tracker.amend import unshown

    if missing := [str(correction.number) for correction in unshown(store)]:
        say(f"Note: in force, but in no row: correction {', '.join(missing)}. 'tracker audit' says what and why.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # A server that has just stopped leaves its port waiting; that is no other program.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _score_lines(name: str, scores: dict[str, Any]) -> Iterator[str]:
    """Scores for the eye: the core by measure, the full match, and the other fields over matched claims."""
    yield f"{name}: precision  recall  F1"
    for measure, values in {"core": scores["core"], **scores["measures"]}.items():
        yield f"  {measure:<14}{values['precision']:9.3f}{values['recall']:8.3f}{values['f1']:8.3f}"
    yield f"  {'full':<14}{'':17}{scores['full_f1']:8.3f}"
    for field, values in scores["fields"].items():
        if values["accuracy"] is not None:
            yield f"  {field:<14}{values['accuracy']:9.3f}  of {values['asked']}"


def _strike_lines(strikes: Sequence[Strike]) -> Iterator[str]:
    """A table for the eye: a dash where nothing is known, ``best [low-high]`` where the two differ."""
    if not strikes:
        yield "No strikes yet. 'tracker ingest' takes reports in."
        return
    rows: list[tuple[str, ...]] = [("Place", "Date", "Weapons", "Killed", "Injured", "Reports", "Notes")]
    for strike in strikes:
        place = strike.place or strike.admin1 or strike.country or "–"
        day = strike.date.isoformat() if strike.date else "–"
        if strike.date_end and strike.date_end != strike.date:
            day = f"{day} – {strike.date_end.isoformat()}"
        figures = (_figure(strike, measure) for measure in (Measure.KILLED, Measure.INJURED))
        rows.append(
            (place, day, joined_weapons(strike.weapons) or "–", *figures, str(strike.n_reports), _notes(strike))
        )
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _notes(strike: Strike) -> str:
    """What keeps a row from being added to the others, or puts its figures in doubt."""
    disputed = [figure.measure.value for figure in strike.figures if figure.disputed]
    notes = ["toll of a period"] if strike.basis is Basis.PERIOD else []
    if strike.scope in (Scope.ADMIN1, Scope.COUNTRY) and strike.linked:
        notes.append("contains finer rows")
    if disputed:
        notes.append(f"disputed: {', '.join(dict.fromkeys(disputed))}")
    return "; ".join(notes)


def _figure(strike: Strike, measure: Measure) -> str:
    figure = strike.figure(measure, Group.ALL)
    if figure is None:
        return "–"
    best = "–" if figure.best is None else str(figure.best)
    if figure.low == figure.high == figure.best:
        return best
    if figure.low is None:
        return best if figure.high is None else f"{best} [up to {figure.high}]"
    return f"{best} [{figure.low} or more]" if figure.high is None else f"{best} [{figure.low}-{figure.high}]"


def main() -> None:
    """Run the command line."""
    # Claims and strikes are many small objects without cycles; looking for cycles as often as usual costs a fifth.
    gc.set_threshold(50_000, 20, 100)
    try:
        app()
    except LexiconError as error:
        say(str(error))
        sys.exit(2)
