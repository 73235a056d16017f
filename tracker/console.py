"""What the commands share: how they speak, stop, and open the database."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.serialise import parse_published, visible

if TYPE_CHECKING:
    from tracker.store import Store

Database = Annotated[
    str | None,
    typer.Option(
        "--db", metavar="PATH|URL", envvar="TRACKER_DB", help="The database. Default: in the user's data folder."
    ),
]


def say(message: str) -> None:
    """Tell the person, beside the output."""
    typer.echo(visible(message), err=True)


def stop(message: str) -> typer.Exit:
    """Say why a command cannot be carried out at all."""
    say(message)
    return typer.Exit(2)


def date(value: str | None) -> dt.date | None:
    """The day or time of an option; wrong use where it is none."""
    if value is None:
        return None
    try:
        return parse_published(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error} Write it as YYYY-MM-DD, or with a time and its zone.") from None


@contextmanager
def in_words() -> Iterator[None]:
    """What a database refuses ends the command in words; what it does in another way than it should is noted."""
    from tracker.database import FallbackWarning, StoreError

    def note(message: Warning | str, *_: object, **__: object) -> None:
        say(f"Note: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", FallbackWarning)
        warnings.showwarning = note
        try:
            yield
        except StoreError as error:
            raise stop(str(error)) from None


@contextmanager
def opened(name: str | None, *, create: bool = True) -> Iterator[Store]:
    """The database of a command."""
    from tracker.store import Store

    with in_words(), Store.open(name, create=create) as store:
        yield store


def count(number: int, noun: str) -> str:
    """``1 report``, ``2 reports``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
