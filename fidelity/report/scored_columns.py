"""Scored records as columns -> the same flat table as `scored_table`, in CSV, in Parquet, or for people."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from fidelity.model.checklist import Checklist
from fidelity.model.score import shown_score
from fidelity.report.scored_table import KNOWN, Columns, exact_text, flag_word
from fidelity.shield import TRIGGERS, csv_field

ODD = f"[{TRIGGERS.replace('-', '').replace('=', '')}=\"\\x00'-]"  # in what such a field may need care


def flat(
    checklist: Checklist, words: pl.DataFrame, outcomes: pl.DataFrame, because: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """A row of texts for each record: who and when, scores, levels, gates, flags."""
    nothing = pl.Series([""], dtype=pl.String).new_from_index(0, len(words))
    columns: dict[str, pl.Series] = {
        name: words[name] if name in words.columns else nothing for name in KNOWN
    }
    for key in checklist.score:
        shown, exact = _score_texts(checklist, key, outcomes)
        columns[key], columns[f"{key}.exact"] = shown, exact
        columns[f"{key}.answered"] = outcomes[f"{key}.answered"].cast(pl.String)
        columns[f"{key}.applicable"] = outcomes[f"{key}.applicable"].cast(pl.String)
    for key in checklist.result:
        columns[key] = outcomes[key].fill_null("")
        columns[f"{key}.possible"] = outcomes[f"{key}.possible"]
        columns[f"{key}.because"] = because[key]
    columns |= {f"gate.{key}": outcomes[f"gate.{key}"] for key in checklist.gate}
    columns |= {f"flag.{each.id}": _flags(outcomes[f"flag.{each.id}"]) for each in checklist.flags}
    return pl.DataFrame(columns)


def _score_texts(checklist: Checklist, key: str, outcomes: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The values as people read them, and exactly; each different one is worked out once."""
    pairs = outcomes.select(top=f"{key}.top", bottom=f"{key}.bottom")
    different = pairs.unique()
    values = [
        None if top is None else Fraction(int(top), int(bottom)) for top, bottom in different.iter_rows()
    ]
    score = checklist.score[key]
    texts = different.with_columns(
        shown=pl.Series(
            ["" if each is None else shown_score(score, each) for each in values], dtype=pl.String
        ),
        exact=pl.Series([exact_text(each) for each in values], dtype=pl.String),
    )
    found = pairs.join(texts, on=["top", "bottom"], how="left", nulls_equal=True, maintain_order="left")
    return found["shown"], found["exact"]


def _flags(raised: pl.Series) -> pl.Series:
    words = {True: flag_word(raised=True), False: flag_word(raised=False)}
    return pl.select(
        pl.when(raised)
        .then(pl.lit(words[True]))
        .when(~raised)
        .then(pl.lit(words[False]))
        .otherwise(pl.lit(flag_word(raised=None)))
    ).to_series()


# ---- CSV


def csv_lines(texts: pl.DataFrame) -> bytes:
    """The rows as in `scored_table.csv`, without the heading."""
    fields = pl.DataFrame({name: _fields(texts[name]) for name in texts.columns})
    lines = fields.select(pl.concat_str(pl.all(), separator=",") + "\r\n").to_series()
    return "".join(lines).encode()


def _fields(texts: pl.Series) -> pl.Series:
    quoted = '"' + texts + '"'
    odd = texts.str.contains(ODD)
    if not odd.any():
        return quoted
    different = texts.filter(odd).unique()
    shielded = pl.Series([csv_field(each) for each in different], dtype=pl.String)
    return pl.select(
        pl.when(odd)
        .then(texts.replace_strict(different, shielded, default=None, return_dtype=pl.String))
        .otherwise(quoted)
        .alias(texts.name)
    ).to_series()


# ---- Parquet


def typed(checklist: Checklist, texts: pl.DataFrame) -> pl.DataFrame:
    """The flat table for programs: days are days, counts whole numbers, flags true or false.

    A score is the number nearest to it; beside it stands the exact one. A blank is nothing at all.
    """
    columns = {name: _or_nothing(texts[name]) for name in texts.columns}
    if "date" not in {*checklist.score, *checklist.result}:
        columns["date"] = columns["date"].str.to_date("%Y-%m-%d")
    for key in checklist.score:
        exact = columns[f"{key}.exact"]
        different = exact.unique().drop_nulls()
        numbers = pl.Series([float(Fraction(each)) for each in different], dtype=pl.Float64)
        columns[key] = exact.replace_strict(different, numbers, default=None, return_dtype=pl.Float64)
        for count in (f"{key}.answered", f"{key}.applicable"):
            columns[count] = columns[count].cast(pl.Int64)
    for each in checklist.flags:
        told = columns[f"flag.{each.id}"]
        columns[f"flag.{each.id}"] = pl.select(
            pl.when(told != flag_word(raised=None)).then(told == flag_word(raised=True))
        ).to_series()
    return pl.DataFrame(columns)


def parquet(checklist: Checklist, table: Columns) -> bytes:
    """The flat table that was worked out row by row, as Parquet."""
    texts = pl.DataFrame(table, schema=dict.fromkeys(table or _names(checklist), pl.String))
    memory = BytesIO()
    typed(checklist, texts).write_parquet(memory)
    return memory.getvalue()


def _names(checklist: Checklist) -> Iterator[str]:
    """What the columns are called where there is no row to tell."""
    yield from KNOWN
    for key in checklist.score:
        yield from (key, f"{key}.exact", f"{key}.answered", f"{key}.applicable")
    for key in checklist.result:
        yield from (key, f"{key}.possible", f"{key}.because")
    yield from (f"gate.{key}" for key in checklist.gate)
    yield from (f"flag.{each.id}" for each in checklist.flags)


def sink(frames: Iterator[pl.DataFrame], empty: pl.DataFrame, path: Path) -> None:
    """Writes frames to a Parquet file one after another; `empty` has their columns."""
    trouble: list[BaseException] = []

    def given(*_: object) -> Iterator[pl.DataFrame]:
        try:
            yield from frames
        except BaseException as found:  # noqa: BLE001 - raised again below, where Polars cannot change it
            trouble.append(found)

    try:
        register_io_source(given, schema=empty.schema).sink_parquet(path)
    except pl.exceptions.PolarsError as refused:
        raise trouble[0] if trouble else OSError(str(refused)) from None
    if trouble:
        raise trouble[0]


def _or_nothing(texts: pl.Series) -> pl.Series:
    return pl.select(pl.when(texts != "").then(texts)).to_series()


# ---- for people


def seen(checklist: Checklist, names: pl.Series, outcomes: pl.DataFrame) -> pl.DataFrame:
    """A row of texts for each record, as on the screen."""
    columns = [names]
    for key in checklist.score:
        shown, _ = _score_texts(checklist, key, outcomes)
        columns.append(shown.replace("", "not scored"))
    for key in checklist.result:
        possible = outcomes[f"{key}.possible"].str.replace_all(", ", " or ", literal=True).replace("", "-")
        columns.append(pl.select(pl.coalesce(outcomes[key], possible)).to_series())
    raised = [pl.when(outcomes[f"flag.{each.id}"]).then(pl.lit(each.id)) for each in checklist.flags]
    flags = pl.concat_str(raised, separator=", ", ignore_nulls=True) if raised else pl.lit("", pl.String)
    frame = pl.DataFrame([each.alias(str(at)) for at, each in enumerate(columns)])
    return frame.with_columns(flags.alias("flags"))


def refused_rows(names: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """The same for records that were refused."""
    blanks = [""] * len(names)
    cells = [list(names), ["refused"] * len(names), *([blanks] * (len(columns) - 2))]
    return pl.DataFrame(dict(zip(columns, cells, strict=True)), schema=dict.fromkeys(columns, pl.String))


def aligned(heads: Sequence[str], rows: pl.DataFrame) -> pl.Series:
    """The lines of a table whose columns stand below each other."""
    longest = (
        rows.select(pl.all().str.len_chars().max().fill_null(0)).row(0) if len(rows) else [0] * len(heads)
    )
    widths = [max(len(head), length) for head, length in zip(heads, longest, strict=True)]
    padded = [pl.col(name).str.pad_end(width) for name, width in zip(rows.columns, widths, strict=True)]
    lines = rows.select(pl.concat_str(padded, separator="  ").str.strip_chars_end()).to_series()
    head = "  ".join(each.ljust(width) for each, width in zip(heads, widths, strict=True)).rstrip()
    return pl.concat([pl.Series([head]), lines])
