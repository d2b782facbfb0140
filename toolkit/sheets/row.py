"""What every row of a sheet shares."""

from __future__ import annotations

from functools import partial

from pydantic import BaseModel, ConfigDict, Field

Column = partial(Field, default="")
Number = partial(Field, default=None)


class Row(BaseModel):
    """One row of a sheet; a cell that could not be read stands at its empty value."""

    model_config = ConfigDict(frozen=True, extra="forbid")
