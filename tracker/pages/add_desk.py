"""The reports that a visitor is about to add: read one after the other, looked at, saved. No Streamlit in here.

Reading and saving tell how far they are after each report, and may be broken off there: they go on where they were.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tracker import adding
from tracker.ingest import Origin, Received, Record, Unreadable, mistake_of_ours
from tracker.lexicon import LexiconError
from tracker.models import Claim, ReadingError, Report, Strike, stable_id
from tracker.pages.papers import Paper, Readings, outcome
from tracker.store import Store, Summary

#: The most reports that are looked at together; more are a case for ``tracker ingest``.
MOST_REPORTS: Final = 2_000
#: The most that all files together may hold, as long as they are looked at in the memory of the server. The server
#: itself refuses a larger file (``server.maxUploadSize``).
MOST_BYTES: Final = 50 << 20
PASTED: Final = "pasted text"


@dataclass(slots=True)
class Desk:
    """What came in, in its order: papers, and what could not be read."""

    source: Iterator[Record]
    #: The analyst typed the details themselves: nothing is guessed.
    typed: bool = False
    entries: list[Paper | Unreadable] = field(default_factory=list)
    readings: Readings = field(default_factory=lambda: Readings(adding.read))
    #: The paper that is open, by its place in ``entries``.
    open: int | None = None
    #: Counts what was opened and changed, so that each has widgets of its own.
    turn: int = 0
    #: What was saved, as HTML.
    saved: str = ""
    _all_in: bool = False

    @property
    def papers(self) -> list[Paper]:
        """The reports that could be read."""
        return [one for one in self.entries if isinstance(one, Paper)]

    @property
    def unread(self) -> list[Unreadable]:
        """What could not be read."""
        return [one for one in self.entries if isinstance(one, Unreadable)]

    @property
    def wanted(self) -> list[Paper]:
        """The reports to be saved."""
        return [one for one in self.papers if not one.skipped]

    def unlooked(self) -> list[int]:
        """The places of the papers that have not been read as they are now."""
        return [at for at, one in enumerate(self.entries) if isinstance(one, Paper) and one.looked != one.report]

    def take_in(self) -> Iterator[int]:
        """Take the records in, one after the other; gives how many there are so far."""
        while not self._all_in:
            record = next(self.source, None)
            if record is None:
                self._all_in = True
            elif len(self.entries) >= MOST_REPORTS:
                problem = f"holds more than {MOST_REPORTS:,} reports; those from here on were not read."
                error = ReadingError(str(record.origin), problem, "Take them in with 'tracker ingest', or in parts.")
                self.entries.append(Unreadable(record.origin, b"", error))
                self._all_in, self.source = True, iter(())
            elif isinstance(record, Unreadable):
                self.entries.append(record)
            else:
                self.entries.append(Paper.of(record, typed=self.typed))
            yield len(self.entries)

    def look(self, store: Store | None) -> Iterator[tuple[int, int]]:
        """Read what has not been read yet; gives how far it is, and of how many."""
        waiting = self.unlooked()
        for done, at in enumerate(waiting, 1):
            self.look_at(at, store)
            yield done, len(waiting)

    def look_at(self, at: int, store: Store | None) -> list[Claim]:
        """Read one report; where it cannot be read, its place is taken by the reason. Gives its claims."""
        paper = self.entries[at]
        assert isinstance(paper, Paper)
        refused = None if store is None else store.mixing(paper.received, store.sample)
        if refused is None:
            try:
                return paper.look(self.readings, store)
            except LexiconError:
                raise
            except Exception as bug:  # one report must not stop the others; the message says whose mistake it is
                refused = mistake_of_ours(paper.received, bug)
        self.entries[at] = Unreadable(paper.record.origin, paper.record.raw, refused)
        return []

    def common(self, *, publisher: str, published: dt.date | None) -> int:
        """Give the reports that have none a publisher and a date; how many that changed."""
        changed = 0
        for paper in self.wanted:
            given = dataclasses.replace(
                paper.report,
                publisher=paper.report.publisher or publisher or None,
                published=paper.report.published or published,
            )
            changed += given != paper.report
            paper.report = given
        return changed


def pasted(title: str, text: str) -> Received:
    """A report from what was typed into the page; its id comes from its text."""
    report = Report(f"pasted-{stable_id(text, length=12)}", text, title=title.strip() or None)
    return Received(Origin(PASTED, uploaded=True), text.encode("utf-8", "replace"), report)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving many reports came to."""

    summary: Summary
    corrections: int
    strikes: tuple[Strike, ...]


def save(desk: Desk, store: Store, *, who: str, when: dt.datetime, progress: Callable[[int, int], None]) -> Saved:
    """Save all that is wanted. What was corrected goes in first, each report with its corrections; then the rest.

    What could not be read is kept among the store's failures, for another try. Broken off, it can be done again.
    """
    corrections = 0
    total = len(desk.wanted) + len(desk.unread)
    became: dict[str, adding.Added] = {}
    try:
        for paper in desk.wanted:
            if paper.edits:
                claims = desk.readings.of(paper.to_read)
                drafts = outcome(claims, paper.edits).drafts
                added = adding.add(store, paper.received, claims, drafts, who=who, when=when, why=paper.why)
                became[paper.report.id] = added
                corrections += len(added.corrections)

        def records() -> Iterator[Record]:
            done = 0
            for entry in desk.entries:
                if isinstance(entry, Paper) and entry.skipped:
                    continue
                yield entry.received if isinstance(entry, Paper) else entry
                done += 1
                progress(done, total)

        summary = store.ingest(records(), accessed=when, extract=desk.readings.of)
    finally:
        store.refresh()  # also where the visitor has turned to something else
    for added in became.values():  # the second time they were there already
        setattr(summary, added.outcome, getattr(summary, added.outcome) + 1)
        summary.unchanged -= 1
    with store.reading() as connection:
        strikes = adding.strikes_of(connection, [paper.report.id for paper in desk.wanted])
    return Saved(summary, corrections, tuple(strikes))


def unsaid(papers: Sequence[Paper], name: str, readings: Readings) -> list[str]:
    """What is missing before reports can be saved, in sentences."""
    said: list[str] = []
    for paper in papers:
        if not paper.edits:
            continue
        found = outcome(readings.of(paper.to_read), paper.edits)
        named = f"Report {paper.report.id}: " if len(papers) > 1 else ""
        said += [f"{named}{one}" for one in found.problems]
        if found.drafts and not paper.why.strip():
            said.append(f"{named}Give a reason for what you changed; it is kept in the log of corrections.")
    if not name and any(paper.edits for paper in papers):
        said.append("Give your name: it stands in the log beside what you changed.")
    return said
