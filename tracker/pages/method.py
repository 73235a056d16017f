"""Data and method: what the words mean, which policies are in force, what the data cover, how well they are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from tracker import charts
from tracker.charts_data import dated_bins
from tracker.lexicon import LexiconError, bundled
from tracker.pages import checks, data, downloads, frame, plots, words
from tracker.pages.view import View
from tracker.serialise import visible

#: Publishers in the chart of coverage; the table has them all.
_MOST_PUBLISHERS: Final = 5
_REST: Final = "all others"

NOT_WHAT: Final = """
- **Not a count of all deaths.** What no report in this database says is not here, and silence is not zero.
- **Not verified.** A figure is what a report says, on whose word it says; the tracker does not judge who is right.
- **Not exact in its sums.** Lows and highs are summed over strikes that were not all at their end at once: the
  sums are outer bounds, and no report gives them.
- **Not finer than a settlement.** A point on the map is the settlement's, never the place that was hit.
- **Not evidence by itself.** Read the sentences behind a figure, and cite the report, not this page.
"""

LICENCES: Final = """
- Strike Tracker: MIT licence.
- Places: [GeoNames](https://www.geonames.org/), CC BY 4.0.
- Outlines: [Natural Earth](https://www.naturalearthdata.com/), public domain.
- Sample reports: our own words; the facts of the dated ones come from Wikipedia's
  [Portal:Current events](https://en.wikipedia.org/wiki/Portal:Current_events), by Wikipedia contributors, CC BY-SA 4.0.
- Reports belong to their publishers: pass on a link and a short quote. Colours: Okabe and Ito (2008).
"""


def page(view: View) -> None:
    """Draw the page."""
    st.subheader("What the figures are not", anchor=False)
    st.markdown(NOT_WHAT)
    st.subheader("Policies in force", anchor=False)
    st.table(_policies(view))
    coverage_panel(view)
    st.subheader("Accuracy, as last measured", anchor=False)
    accuracy = document("accuracy.md")
    if accuracy is None:
        st.markdown("Not measured with this installation: `tracker evaluate` scores the reader on labelled reports.")
    else:
        with st.expander("How well the reader reads, on what, and what it misses", expanded=False):
            st.markdown(accuracy)
    checks.panel(view)
    st.subheader("Codebook", anchor=False)
    codebook = document("codebook.md")
    if codebook is None:
        st.markdown("The codebook is `docs/codebook.md` of the source.")
    else:
        with st.expander("What a claim and a strike are, and by which rules they are coded", expanded=False):
            st.markdown(codebook)
    st.subheader("Licences and version", anchor=False)
    st.markdown(LICENCES)
    st.caption(f"Strike Tracker {data.version()}, revision {view.snapshot.revision} of the data.")
    downloads.panel(view)


def _policies(view: View) -> pd.DataFrame:
    chosen = view.filters
    switched = ", ".join(words.INCLUDES[one] for one in chosen.include) or "nothing"
    rows = {
        "Best figure of a strike": f"{chosen.policy}: {words.POLICIES[chosen.policy]}",
        "Words such as “dozens”": f"{chosen.vague}: {words.VAGUE_POLICIES[chosen.vague]}",
        "Left out of sums by default": ", ".join(words.INCLUDES.values()),
        "Switched into the sums": switched,
        "Low and high": "the smallest and the largest current figure; open where a source says “at least”",
    }
    return pd.DataFrame({"Policy": rows.keys(), "In force": rows.values()}).set_index("Policy")


def coverage_panel(view: View) -> None:
    """Reports by day and publisher: what the figures can rest on at all."""
    st.subheader("What the data cover", anchor=False)
    reports = coverage(view)
    if reports.empty:
        st.markdown("No report is stored.")
        return
    undated = int(reports["published"].isna().sum())
    st.markdown(
        f"{words.plural(len(reports), 'report')} of {words.plural(reports['publisher'].nunique(), 'publisher')}"
        + (f", {undated:,} of them undated." if undated else ".")
    )
    dated = reports.dropna(subset=["published"])
    if not dated.empty:
        binned, size = dated_bins(dated.set_index(pd.DatetimeIndex(dated["published"], name="date")))
        largest = dated["publisher"].value_counts().index[:_MOST_PUBLISHERS]
        names = binned["publisher"].where(binned["publisher"].isin(largest), _REST).array
        st.markdown(f"By {size} of publication:")
        days = pd.crosstab(pd.Series(pd.DatetimeIndex(binned["bin"]), name="bin"), pd.Series(names, name="publisher"))
        plots.draw(
            charts.coverage(days, size, theme=frame.theme()),
            picture="coverage",
            key="coverage",
            alt=f"Reports by {size} and publisher.",
        )
    st.dataframe(by_publisher(reports), hide_index=True, placeholder="–", height="content", key="publishers")


def coverage(view: View) -> pd.DataFrame:
    """A row for each stored report: ``publisher``, ``published`` (a day), and how many figures it gave."""
    memo = view.snapshot.memo
    if "coverage" not in memo:
        memo["coverage"] = view.snapshot.shelf.coverage()
    found: pd.DataFrame = memo["coverage"]
    return found


def by_publisher(reports: pd.DataFrame) -> pd.DataFrame:
    """Publishers by their number of reports, with their figures and first and last day."""
    grouped = reports.groupby("publisher", sort=False)
    table = pd.DataFrame(
        {
            "Reports": grouped.size(),
            "Figures": grouped["figures"].sum(),
            "First": grouped["published"].min().dt.date,
            "Last": grouped["published"].max().dt.date,
        }
    )
    listed = table.sort_values("Reports", ascending=False, kind="stable").rename_axis("Publisher").reset_index()
    return listed.assign(Publisher=[visible(str(name)) for name in listed["Publisher"]])


def document(name: str) -> str | None:
    """A text of the documentation, its own links to other files taken away; None where it is not installed."""
    folders = [Path(__file__).resolve().parents[1] / "_bundled" / "docs"]
    try:
        folders.append(bundled("data").parent / "docs")
    except LexiconError:
        return None
    for folder in folders:
        if (folder / name).is_file():
            return without_file_links((folder / name).read_text(encoding="utf-8"))
    return None


def without_file_links(text: str) -> str:
    """Markdown without links and images that lead nowhere on a page: only those of the web, and inside, stay.

    >>> without_file_links("See [data](data/README.md) and [the site](https://a.example) and [1](#one).")
    'See data and [the site](https://a.example) and [1](#one).'
    """
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    return re.sub(r"\[([^\]]*)\]\((?!https?:|#)[^)]*\)", r"\1", text)
