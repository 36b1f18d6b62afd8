"""Columns that are worked out one after another; what is kept once is never worked out twice."""

from dataclasses import dataclass, field

import polars as pl

MARK = "§"  # no id and no heading that we know begins so


@dataclass(slots=True)
class Plan:
    """Grows while a checklist is compiled: steps, each of columns that read only what stands before it."""

    steps: list[list[pl.Expr]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    alike: dict[str, pl.Expr] = field(default_factory=dict)

    def keep(self, work: pl.Expr, name: str = "") -> pl.Expr:
        """The column that holds this work from now on."""
        read = work.meta.root_names()
        if not name and len(read) == 1 and work.meta.eq(pl.col(read[0])):
            return work
        name = name or f"{MARK}{len(self.depth)}"
        step = max((self.depth.get(each, -1) for each in read), default=-1) + 1
        while len(self.steps) <= step:
            self.steps.append([])
        self.steps[step].append(work.alias(name))
        self.depth[name] = step
        return pl.col(name)

    def once(self, work: pl.Expr) -> pl.Expr:
        """The same column each time that the same work is kept."""
        said = str(work)
        if said not in self.alike:
            self.alike[said] = self.keep(work)
        return self.alike[said]

    def over(self, frame: pl.LazyFrame, wanted: list[pl.Expr]) -> pl.LazyFrame:
        """The frame's own columns with those that are wanted; no other is kept longer than it is read."""
        own = frame.collect_schema().names()
        needed = _read_by(wanted) - set(own)
        selections = [wanted]
        for step in reversed(self.steps):
            made = {each.meta.output_name(): each for each in step}
            used = [work for name, work in made.items() if name in needed]
            passed = sorted(needed - set(made))
            selections.append([*used, *map(pl.col, passed)])
            needed = (set(passed) | _read_by(used)) - set(own)
        for selection in reversed(selections):
            frame = frame.select(*own, *selection)
        return frame


def _read_by(columns: list[pl.Expr]) -> set[str]:
    return {name for each in columns for name in each.meta.root_names()}
