"""Exports of the selection in force, on every page."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from tracker import export
from tracker.models import Group
from tracker.pages import data, words
from tracker.pages.selection import Filters, Rows
from tracker.pages.view import View

#: Each format: its extension, its media type, and what makes it.
FORMATS: Final[dict[str, tuple[str, str, Callable[[export.Bundle], bytes]]]] = {
    "CSV": ("csv", "text/csv", export.to_csv),
    "CSV in parts": ("zip", "application/zip", export.to_csv_zip),
    "Excel": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export.to_excel),
    "Parquet": ("parquet", "application/vnd.apache.parquet", export.to_parquet),
    "GeoJSON": ("geojson", "application/geo+json", export.to_geojson),
}
_HELP: Final = {
    "CSV": "UTF-8, safe to open in a spreadsheet; evidence and how it was made in its last columns.",
    "CSV in parts": "A ZIP of four files: strikes, evidence, data dictionary, and how it was made.",
    "Excel": "Four sheets: strikes, evidence, data dictionary, and how it was made.",
    "Parquet": "Evidence as a list in each row; dictionary and how it was made in the schema's metadata.",
    "GeoJSON": "A point for each strike; dictionary and how it was made beside the features.",
}


def panel(view: View, narrowed: Rows | None = None) -> None:
    """Buttons that download the selection (or the rows given by number, which a search has narrowed further)."""
    with st.container(border=True, key="exports"):
        rows = len(view.frame() if narrowed is None else narrowed)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**Export** · the {words.plural(rows, 'row')} of this selection, with filters and policies")
            whole = st.toggle(
                "Whole sentences",
                key="sentences",
                help="Evidence is a link and at most 25 words around the figure; sentences are their publishers'.",
            )
        today = dt.datetime.now(dt.UTC).date()
        partial = rows < len(view.snapshot.table)
        for column, (name, (extension, media, make)) in zip(st.columns(len(FORMATS)), FORMATS.items(), strict=True):
            column.download_button(
                name,
                data=functools.partial(_made, make, view, narrowed, whole),
                file_name=data.file_name(partial, today, extension),
                mime=media,
                key=f"export-{extension}",
                on_click="ignore",
                width="stretch",
                disabled=name == "Excel" and rows > export.MOST_ROWS,
                help=_HELP[name],
            )


def _made(make: Callable[[export.Bundle], bytes], view: View, narrowed: Rows | None, whole: bool) -> bytes:
    return make(bundle(view, narrowed, whole_sentences=whole))


def bundle(view: View, narrowed: Rows | None, *, whole_sentences: bool) -> export.Bundle:
    """The selection as it leaves the dashboard."""
    rows = view.rows() if narrowed is None else view.snapshot.table.iloc[narrowed]
    made = dt.datetime.now(dt.UTC)
    about = export.About(
        made=made,
        version=data.version(),
        policy=str(view.filters.policy),
        vague=str(view.filters.vague),
        rows=len(rows),
        filters=(*in_words(view.filters), *((("search", "a part of these"),) if narrowed is not None else ())),
        sample=view.snapshot.sample,
        revision=view.snapshot.revision,
    )
    return export.Bundle(view.snapshot.export(rows), tuple(_evidence(view, rows, whole_sentences)), about)


def _evidence(view: View, rows: pd.DataFrame, whole_sentences: bool) -> list[export.EvidenceRow]:
    found = []
    for strike_id, claim, source in data.evidence_for(view.snapshot, rows["strike_id"].tolist()):
        start = claim.sentence.find(claim.text) if source is None else 0
        if source is not None:
            start = claim.start - export.sentence_start(claim, source.report)
        start = max(start, 0)
        report = source.report if source else None
        published = report.published if report else claim.published
        found.append(
            export.EvidenceRow(
                strike_id=strike_id,
                claim_id=claim.claim_id,
                measure=claim.measure.value,
                group=claim.group.value,
                relation=claim.relation.value,
                low=claim.low,
                high=claim.high,
                figure=claim.text,
                quote=export.short_quote(claim.sentence, start, start + claim.end - claim.start),
                sentence=claim.sentence if whole_sentences else None,
                source=claim.source,
                publisher=report.publisher if report else claim.publisher,
                published=published.isoformat() if published else None,
                url=report.url if report else None,
                citation=source.citation if source else None,
                report_id=claim.report_id,
            )
        )
    return found


def in_words(chosen: Filters) -> tuple[tuple[str, str], ...]:
    """The filters in force as pairs of a name and what was chosen.

    >>> in_words(Filters(cities=("Odesa", "Lviv"), first=dt.date(2025, 3, 1)))
    (('dates', '2025-03-01 to the last'), ('city', 'Odesa, Lviv'))
    """
    pairs = []
    if chosen.by_date:
        first, last = (day.isoformat() if day else None for day in (chosen.first, chosen.last))
        pairs.append(("dates", f"{first or 'the first'} to {last or 'the last'}"))
    pairs += [(facet.value, ", ".join(values)) for facet, values in chosen.chosen.items()]
    if chosen.group is not Group.ALL:
        pairs.append(("group", chosen.group.value))
    if chosen.include:
        pairs.append(("also counted", ", ".join(chosen.include)))
    return tuple(pairs)
