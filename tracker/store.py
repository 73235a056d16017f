"""Reports, and the claims and strikes derived from them, in a database.

Reports and what analysts added to them (``tracker.amend``) are the truth; claims and strikes can be made again from
them at any time, byte for byte the same (``rebuild``). A report is stored with its claims in one transaction, so that
a run that is killed leaves whole reports only; strikes are made at the end of a run, only where something changed
(``tracker.derive``), and a run that did not come so far leaves the last complete ones, marked stale.

Sample reports live in databases of their own: neither kind takes in the other.
"""

from __future__ import annotations

import atexit
import dataclasses
import datetime as dt
import functools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker import carriers, derive, frames, intake, ledger
from tracker import database as db
from tracker.corrections import Correction
from tracker.database import StoreError, default_database
from tracker.ingest import Origin, Received, Record, Unreadable, mistake_of_ours, read_again, read_reports
from tracker.lexicon import LexiconError, bundled
from tracker.models import Claim, Policy, ReadingError, Report, Strike, VaguePolicy, stable_id
from tracker.rows import (
    StoredReport,
    chunks,
    content_hash,
    plain_report,
    read_list,
    report_row,
    stored_report,
    strike_from_row,
    unreadable_from_row,
)
from tracker.upgrades import upgrade

if TYPE_CHECKING:
    import pandas as pd

    from tracker.columns import Tables

__all__ = [
    "Dossier",
    "Store",
    "StoreError",
    "StoredReport",
    "Summary",
    "default_database",
    "open_or_sample",
    "open_with_reports",
    "sample_store",
]


#: The policies by which stored strikes are made.
_DEFAULT = (Policy.LATEST, VaguePolicy.LITERAL)


@dataclass(slots=True)
class Summary:
    """What an ingest did. ``failed`` names the records that could not be read or taken in, in order."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    undated: int = 0
    failed: list[ReadingError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A strike with its claims as read, in its order, their reports by id, and the corrections that show in it.

    ``logged`` is the number of the last correction of the log at that time.
    """

    strike: Strike
    claims: tuple[Claim, ...]
    reports: Mapping[str, StoredReport]
    corrections: tuple[Correction, ...]
    logged: int = 0

    @property
    def stamp(self) -> str:
        """The same as long as claims and corrections are, whatever the policy: what somebody saw who looked at it."""
        return stable_id(self.strike.strike_id, *self.strike.corrections, *self.claims)


@dataclass(slots=True)
class _Run:
    """One ingest under way: ``seen`` maps each id to the hash and place of its first record."""

    sample: bool
    accessed: dt.datetime | None
    extract: Callable[[Report], list[Claim]]
    summary: Summary = field(default_factory=Summary)
    seen: dict[str, tuple[str, str]] = field(default_factory=dict)


class Store:
    """A database of reports, claims and strikes. Safe to share between threads; open one in each process."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self.name = db.shown(engine.url)

    @classmethod
    def open(cls, name: str | Path | None = None, *, create: bool = True, sample: bool = False) -> Store:
        """Open the database that ``name`` (a path or a URL; None: the default one) stands for.

        ``create`` makes it where it is missing, for sample reports where ``sample`` is true. Raises StoreError, in
        words, where it cannot be used; warns with FallbackWarning where it can, but not as it should.
        """
        url = db.database_url(default_database() if name is None else name)
        store = cls(db.open_engine(url, create=create, upgrade=upgrade))
        if sample and not store.sample:
            if not store.empty():
                store.close()
                raise StoreError(f"{store.name} holds an analyst's reports; samples need a database of their own.")
            with store.writing() as connection:
                db.write_meta(connection, "sample", 1)
        return store

    def close(self) -> None:
        """Let go of the database; the store cannot be used afterwards."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading -----------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The URL that opens this database again, with its password."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def sample(self) -> bool:
        """True where the database holds the bundled sample reports, which are no evidence."""
        return bool(self._meta("sample"))

    @property
    def stale(self) -> bool:
        """True where claims have changed and strikes were not made from them yet: a run was interrupted."""
        return bool(self._meta("stale"))

    def revision(self) -> int:
        """A number that grows with every change of the data: the key to cache by."""
        return self._meta("revision") or 0

    def empty(self) -> bool:
        """True where no report is stored."""
        with self.reading() as connection:
            return connection.scalar(sa.select(db.reports.c.id).limit(1)) is None

    def counts(self) -> dict[str, int]:
        """How many reports, claims, strikes and failures the database holds."""
        tables = (db.reports, db.claims, db.strikes, db.failures)
        with self.reading() as connection:
            return {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
            }

    def reports(self) -> list[StoredReport]:
        """All reports, by id."""
        with self.reading() as connection:
            return [stored_report(row) for row in connection.execute(sa.select(db.reports).order_by(db.reports.c.id))]

    def report(self, report_id: str) -> StoredReport | None:
        """The report with this id, None where there is none."""
        with self.reading() as connection:
            row = connection.execute(sa.select(db.reports).where(db.reports.c.id == report_id)).first()
            return None if row is None else stored_report(row)

    def claims(self) -> list[Claim]:
        """All claims as read, by report and in reading order."""
        with self.reading() as connection:
            return [claim for _, claim in derive.claims(connection)]

    def claims_of(self, strike_id: str) -> list[Claim]:
        """The claims behind a strike as read, in its order; empty where the strike is unknown."""
        with self.reading() as connection:
            listed = connection.scalar(sa.select(db.strikes.c.claim_ids).where(db.strikes.c.strike_id == strike_id))
            return derive.claims_by_id(connection, read_list(listed)) if listed else []

    def claims_with(self, claim_id: str) -> list[Claim]:
        """The claims that bear an id, as read: one, or several readings of one figure; empty where it is unknown."""
        with self.reading() as connection:
            return [claim for _, claim in derive.claims(connection, db.claims.c.claim_id == claim_id)]

    def strikes(
        self, policy: Policy | str = Policy.LATEST, vague: VaguePolicy | str = VaguePolicy.LITERAL
    ) -> list[Strike]:
        """All strikes: those stored by default, made from the stored claims under any other policy.

        Raises ValueError for an unknown policy.
        """
        from tracker.reconcile import strike_order

        policy, vague = Policy(policy), VaguePolicy(vague)
        with self.reading() as connection:
            if (policy, vague) == _DEFAULT:
                return sorted(map(strike_from_row, connection.execute(sa.select(db.strikes))), key=strike_order)
            ties = derive.Ties()
            portions = derive.everything(connection, ties, policy, vague)
            made = {strike.strike_id: strike for some, _ in portions for strike, _ in some}
        for strike_id, others in ties.linked():
            made[strike_id] = dataclasses.replace(made[strike_id], linked=tuple(others))
        return sorted(made.values(), key=strike_order)

    def table(
        self, policy: Policy | str = Policy.LATEST, vague: VaguePolicy | str = VaguePolicy.LITERAL
    ) -> pd.DataFrame:
        """One row a strike (``tracker.table.to_table``), in the order of ``strikes``."""
        return self.tables(policy, vague).strikes

    def tables(self, policy: Policy | str = Policy.LATEST, vague: VaguePolicy | str = VaguePolicy.LITERAL) -> Tables:
        """The same with all figures behind it; by default straight from the rows, without an object for each strike.

        Raises ValueError for an unknown policy.
        """
        policy, vague = Policy(policy), VaguePolicy(vague)
        with self.reading() as connection:
            if (policy, vague) == _DEFAULT:
                return frames.stored_tables(connection)
            return frames.tables(connection, policy, vague)

    def mentions(self) -> pd.DataFrame:
        """Which reports speak of which strikes: ``strike_id``, ``measure``, ``group``, ``report_id``, without repeats.

        All four are categories, so that a million rows take little memory. No policy makes a difference.
        """
        with self.reading() as connection:
            return frames.mentions(connection)

    def strike(self, strike_id: str) -> Dossier | None:
        """A strike with all that it rests on; None where there is none."""
        with self.reading() as connection:
            return dossier(connection, strike_id)

    def failures(self) -> list[Unreadable]:
        """The records that could not be read so far, kept for another try, by path and line."""
        with self.reading() as connection:
            rows = connection.execute(sa.select(db.failures).order_by(db.failures.c.path, db.failures.c.line))
            return [unreadable_from_row(row) for row in rows]

    # -- writing -----------------------------------------------------------------------------------------------

    def ingest(
        self,
        records: Iterable[Record],
        *,
        accessed: dt.datetime | None = None,
        on_failure: Callable[[ReadingError], None] = lambda error: None,
        extract: Callable[[Report], list[Claim]] | None = None,
    ) -> Summary:
        """Store reports with their claims, each in a transaction of its own, and make the strikes again.

        Running it again on the same records changes nothing. A report with a new text or new metadata under a known
        id replaces it; what it was stays in ``versions``. What cannot be read is kept in ``failures`` until its
        file is read without it. ``accessed`` is when the records were fetched; ``extract`` stands for the reader
        where its claims are at hand. Raises StoreError where the database refuses; what was stored before stays.
        """
        run = _Run(self.sample, accessed, extract or _reader())
        file: Origin | None = None
        bad_lines: set[int] = set()
        for record in records:
            if file is not None and record.origin.path != file.path:
                self._settle_failures(file, bad_lines)
                bad_lines = set()
            file = record.origin
            error = self._take(record, run)
            if error is not None:
                run.summary.failed.append(error)
                on_failure(error)
                bad_lines.add(record.origin.line or 0)
        if file is not None:
            self._settle_failures(file, bad_lines)
        self.refresh()
        return run.summary

    def retry(
        self,
        failures: Iterable[Unreadable] | None = None,
        *,
        accessed: dt.datetime | None = None,
        on_failure: Callable[[ReadingError], None] = lambda error: None,
    ) -> Summary:
        """Read records that could not be read again: all that are kept, or ``failures``, which may have been mended.

        A mended one has other bytes under the same origin. What can be read now is taken in and is a failure no
        more. Of a record that is too large only its beginning is kept: it fails again until its file is read.
        """
        run = _Run(self.sample, accessed, _reader())
        for failure in self._kept() if failures is None else failures:
            errors = []
            if not failure.whole:
                error = failure.error
                problem = f"cannot be read again: it is not kept whole. It {error.problem}"
                errors.append(ReadingError(error.where, problem, "Ingest its file again.", error.report_id))
            refusals = (self._take(record, run) for record in read_again(failure))
            errors.extend(refused for refused in refusals if refused is not None)
            if not errors:
                with self.writing() as connection:
                    intake.drop_failures(connection, failure.origin, [failure.origin.line or 0])
            run.summary.failed += errors
            for error in errors:
                on_failure(error)
        self.refresh()
        return run.summary

    def _kept(self) -> Iterator[Unreadable]:
        """The kept failures, of which no more than one is held at a time."""
        key = (db.failures.c.path, db.failures.c.line)
        with self.reading() as connection:
            keys = connection.execute(sa.select(*key).order_by(*key)).all()
        for path, line in keys:
            with self.reading() as connection:
                row = connection.execute(sa.select(db.failures).where(key[0] == path, key[1] == line)).first()
            if row is not None:
                yield unreadable_from_row(row)

    def refresh(self) -> bool:
        """Make the strikes again where claims have changed. True where there was anything to do."""
        if not self.stale:
            return False
        with self.writing() as connection:
            if derive.remake(connection):
                db.count_change(connection)
        return True

    def rebuild(self) -> None:
        """Read every report again and make claims and strikes anew; from the same rules, the same bytes."""
        extract = _reader()
        with self.writing() as connection:
            for table in (db.claims, db.texts, db.text_keys):
                connection.execute(sa.delete(table))
            ids = connection.scalars(sa.select(db.reports.c.id).order_by(db.reports.c.id)).all()
            for report_id in ids:
                row = connection.execute(sa.select(db.reports).where(db.reports.c.id == report_id)).one()
                report = plain_report(row)
                carriers.carry(connection, report_id, report)
                intake.put_claims(connection, report_id, extract(report), known=True)
            derive.touch_all(connection)
        self.refresh()

    def settle(self) -> None:
        """Let nothing that was deleted linger: SQLite's log is written into the database and emptied."""
        if self._engine.dialect.name == "sqlite":
            with db.refusals_in_words(self.name):
                raw = self._engine.raw_connection()  # outside of any transaction
                try:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    raw.close()

    def _take(self, record: Record, run: _Run) -> ReadingError | None:
        """Store one record; what is wrong with it, where it cannot be."""
        if isinstance(record, Unreadable):
            self._keep_failure(record)
            return record.error
        where, report = str(record.origin), record.report
        if (mixing := self.mixing(record, run.sample)) is not None:
            return mixing  # nothing of it enters the database, not even as a failure
        digest = content_hash(report, record.extra)
        first_digest, first = run.seen.setdefault(report.id, (digest, where))
        if first_digest != digest:
            problem = f"has the id '{report.id}' of another report of this run ({first})."
            error = ReadingError(where, problem, "Give each report an id of its own.", report.id)
            self._keep_failure(Unreadable(record.origin, record.raw, error))
            return error
        try:
            if (forgotten := self._put(record, run)) is not None:
                problem = f"was forgotten on {forgotten[:10]} and is not taken in again."
                return ReadingError(where, problem, "Give it another id where it is another report.", report.id)
        except (StoreError, LexiconError, sa.exc.SQLAlchemyError):
            raise
        except Exception as bug:  # one report must not stop the others; the message says whose mistake it is
            error = mistake_of_ours(record, bug)
            self._keep_failure(Unreadable(record.origin, record.raw, error))
            return error
        return None

    def mixing(self, record: Received, sample: bool) -> ReadingError | None:
        """Why a report may not enter this database, where it is a sample and the database is not, or vice versa."""
        if bool(record.extra.get("sample")) == sample:
            return None
        if sample:
            problem = f"does not enter {self.name}, which holds sample reports only."
            advice = "Name a database of your own with --db."
        else:
            problem = f"is a sample report and does not enter {self.name}, a database of real ones."
            advice = "'tracker dashboard --sample' shows it."
        return ReadingError(str(record.origin), problem, advice, record.report.id)

    def _put(self, record: Received, run: _Run) -> str | None:
        """Store a report with its claims in one transaction, where it is new or has changed.

        Where it was forgotten on request, nothing of it is kept, and the answer is when.
        """
        report = record.report
        with self.reading() as connection:
            old = intake.stored(connection, report.id)
        report = intake.dated(report, old)
        values = report_row(report, record.extra, run.accessed)
        became: intake.Outcome | intake.Forgotten = intake.Outcome.UNCHANGED
        if old is None or old.hash != values["hash"]:
            claims = run.extract(report)  # before the transaction: other writers need not wait for it
            with self.writing() as connection:
                became = intake.put(connection, report, values, claims)
        if isinstance(became, intake.Forgotten):
            return became.when
        setattr(run.summary, became, getattr(run.summary, became) + 1)
        run.summary.undated += report.published is None
        return None

    def _keep_failure(self, failure: Unreadable) -> None:
        with self.writing() as connection:
            intake.keep_failure(connection, failure)

    def _settle_failures(self, file: Origin, bad_lines: set[int]) -> None:
        """Forget the failures of a file that has now been read to its end without them."""
        with self.reading() as connection:
            gone = intake.settled_failures(connection, file, bad_lines)
        if gone:
            with self.writing() as connection:
                intake.drop_failures(connection, file, gone)

    def _meta(self, key: str) -> int | None:
        with self.reading() as connection:
            return db.read_meta(connection, key)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with; what the database refuses is a StoreError."""
        with db.refusals_in_words(self.name), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes, all of it or nothing; what the database refuses is a StoreError."""
        with db.refusals_in_words(self.name), db.writing(self._engine) as connection:
            yield connection


def dossier(connection: sa.Connection, strike_id: str) -> Dossier | None:
    """A strike with all that it rests on; None where there is none."""
    row = connection.execute(sa.select(db.strikes).where(db.strikes.c.strike_id == strike_id)).first()
    if row is None:
        return None
    strike = strike_from_row(row)
    claims = derive.claims_by_id(connection, strike.claim_ids)
    reports = {
        row.id: stored_report(row)
        for some in chunks({claim.report_id for claim in claims})
        for row in connection.execute(sa.select(db.reports).where(db.reports.c.id.in_(some)))
    }
    log = ledger.corrections(connection) if strike.corrections else []
    noted = tuple(each for each in log if each.note in strike.corrections)
    return Dossier(strike, tuple(claims), reports, noted, ledger.next_number(connection) - 1)


def sample_store(path: str | Path | None = None) -> Store:
    """The bundled sample reports in a database of their own at ``path``; None: one that goes with this process.

    Raises StoreError where ``path`` holds an analyst's reports.
    """
    store = Store.open(_passing_folder() / "sample.db" if path is None else path, sample=True)
    summary = store.ingest(read_reports([bundled("seeds")]))
    if summary.failed:
        raise StoreError(f"A bundled sample report cannot be read: {summary.failed[0]} Install the package again.")
    if summary.unchanged:  # made before, perhaps by other rules
        store.rebuild()
    return store


def open_with_reports(name: str | Path | None = None) -> Store | None:
    """The database ``name`` (None: the default one); None where there is none yet or where it is empty."""
    name = default_database() if name is None or name == "" else name
    file = db.database_file(db.database_url(name))
    if file is not None and not file.exists():
        return None
    store = Store.open(name)
    if not store.empty():
        return store
    store.close()
    return None


def open_or_sample(name: str | Path | None = None, *, sample: bool = False) -> Store:
    """The database ``name``, or the sample reports where asked for and where it holds no reports."""
    return (None if sample else open_with_reports(name)) or sample_store()


@functools.cache
def _passing_folder() -> Path:
    """A folder that is removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="strike-tracker-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _reader() -> Callable[[Report], list[Claim]]:
    """The reader, loaded when something is to be read: looking at what is stored must not wait for it."""
    from tracker.extract import extract

    return extract
