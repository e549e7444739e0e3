"""Rows and bytes that the hour has added, indexes with them."""

from __future__ import annotations

from time import sleep

import psycopg

STATISTICS_S = 12  # an idle connection tells its counts after ten
COUNTS = """
SELECT relname, n_tup_ins, n_tup_upd, pg_total_relation_size(relid) FROM pg_stat_user_tables
"""
Counts = dict[str, tuple[int, int, int]]


def count_rows(rows: psycopg.Connection) -> Counts:
    """By table: rows added ever, rows changed ever, bytes."""
    sleep(STATISTICS_S)
    found = rows.execute(COUNTS).fetchall()
    return {name.removeprefix("weatherapp_"): tuple(counts) for name, *counts in found}


def tell_growth(before: Counts, after: Counts, places: int) -> list[tuple[str, str]]:
    """What a place has added to each table, the largest first; what is little is left out."""
    grown = {
        name: tuple(now - then for now, then in zip(counts, before[name], strict=True))
        for name, counts in after.items()
    }
    total = sum(size for _, _, size in grown.values())
    largest = sorted(grown.items(), key=lambda entry: -entry[1][2])
    return [("bytes a place-hour", f"{total / places:,.0f}")] + [
        (
            f"table {name}: a place-hour",
            f"{added / places:.2f} rows added, {changed / places:.2f} changed, "
            f"{size / places:,.0f} bytes",
        )
        for name, (added, changed, size) in largest
        if added + changed > places / 100
    ]
