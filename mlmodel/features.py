"""From candidates to a sparse matrix: what a title is, crossed with who asks and in which moment.

A row is laid out in blocks. Every block is the front part of the title's own row (its slice) times how active one
context is: the household (always 1), a viewer, an asked mood, company, the time there is, the daypart, the weekend.
So for one viewer in one moment the weights of all blocks fold into one vector over the title's columns, and scoring
the whole catalogue is a single product of a cached matrix with that vector (`effective_weights`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from mlmodel import prior
from mlmodel.config import FeatureConfig
from mlmodel.contexts import Context, active, contexts
from mlmodel.moods import MOODS, profiles
from mlmodel.records import Candidate, Moment, Title
from mlmodel.traits import EMPTY_SHELF, FIXED, Shelf, dense, named

Floats = npt.NDArray[np.float64]
FIRST = ("prior", "fit", "seen")  # the two parts of the prior's logit, and whether it was seen


class Features(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """First step of the pipeline: candidates in, sparse rows out; learns only its vocabulary."""

    def __init__(
        self,
        config: FeatureConfig = FeatureConfig(),
        shelf: Shelf = EMPTY_SHELF,
    ) -> None:
        self.config = config
        self.shelf = shelf
        self.columns_: dict[str, int] = {}
        self.contexts_: tuple[Context, ...] = ()

    def __sklearn_is_fitted__(self) -> bool:
        return bool(self.contexts_)

    def fit(self, candidates: Sequence[Candidate], _y: object = None) -> Self:
        """Learn which people, collections and kinds the answers met; an answer has a viewer, the rest is catalogue."""
        answered = _distinct(c.title for c in candidates if c.viewer is not None)
        traits = {name for title in answered for name in named(title)}
        names = [*FIXED, *sorted(traits - set(FIXED))]
        self.columns_ = {name: place for place, name in enumerate(names)}
        viewers = sorted({c.viewer for c in candidates if c.viewer is not None})
        self.contexts_ = contexts(self.config, len(names), viewers)
        return self

    def transform(self, candidates: Sequence[Candidate]) -> sparse.csr_matrix:
        """One row a candidate: the prior's parts, seen, and the title's row once for each context."""
        titles = _distinct(c.title for c in candidates)
        place = {id(title): row for row, title in enumerate(titles)}
        rows = np.array([place[id(c.title)] for c in candidates], dtype=np.intp)
        moods = profiles(titles)
        seen = np.array([c.seen for c in candidates], dtype=bool)
        moments = prior.moment_arrays([c.moment for c in candidates])
        parts = prior.parts(prior.title_arrays(titles, moods).take(rows), moments, seen)
        block = self.title_matrix(titles, moods)[rows]
        shares = self._activations([c.moment for c in candidates], [c.viewer for c in candidates])
        return self.assemble(block, parts, seen, shares)

    def title_matrix(
        self, titles: Sequence[Title], moods: Floats | None = None
    ) -> sparse.csr_matrix:
        """The title's own columns, one row a title: cache it, it does not depend on who asks or when."""
        shares = profiles(titles) if moods is None else moods
        return sparse.hstack(
            [dense(titles, shares, self.config, self.shelf), self._names(titles)], format="csr"
        )

    def assemble(
        self, block: sparse.csr_matrix, parts: Floats, seen: npt.NDArray[np.bool_], shares: Floats
    ) -> sparse.csr_matrix:
        """Full rows from title rows, the prior's parts, seen flags and one column of activations a context."""
        first = np.column_stack([parts * self.config.prior, seen * self.config.base])
        blocks = [sparse.csr_matrix(first)]
        for place, context in enumerate(self.contexts_):
            blocks.append(_scaled(block, context.width, shares[:, place] * context.scale))
        return sparse.hstack(blocks, format="csr")

    def activations(self, moment: Moment, viewer: str | None) -> Floats:
        """How active each context is for one viewer in one moment."""
        found: Floats = self._activations([moment], [viewer])[0]
        return found

    def effective_weights(
        self, coef: Floats, moment: Moment, viewer: str | None
    ) -> tuple[Floats, Floats, float]:
        """(w, a, s): a title's logit is its row @ w + the prior's parts @ a + s if it was seen."""
        folded = np.zeros(len(self.columns_))
        start = len(FIRST)
        for context, share in zip(self.contexts_, self.activations(moment, viewer), strict=True):
            if share:
                weights = coef[start : start + context.width]
                folded[: context.width] += share * context.scale * weights
            start += context.width
        return folded, self.trust(coef), float(coef[len(FIRST) - 1] * self.config.base)

    def trust(self, coef: Floats) -> Floats:
        """How far each part of the prior is trusted: 1 before any answer."""
        found: Floats = coef[: len(prior.PARTS)] * self.config.prior
        return found

    def slices(self) -> dict[str, slice]:
        """Where in a full row each context's block lies."""
        found, start = {}, len(FIRST)
        for context in self.contexts_:
            found[context.name] = slice(start, start + context.width)
            start += context.width
        return found

    def column_names(self, columns: Iterable[int]) -> list[str]:
        """The names of these columns of a full row: the context, then the trait."""
        traits, blocks = list(self.columns_), self.slices()
        contexts, starts = list(blocks), [block.start for block in blocks.values()]
        names = []
        for column in columns:
            block = bisect_right(starts, column) - 1
            trait = FIRST[column] if block < 0 else traits[column - starts[block]]
            names.append(trait if block < 0 else f"{contexts[block]}|{trait}")
        return names

    def _activations(self, moments: Sequence[Moment], viewers: Sequence[str | None]) -> Floats:
        """One row a candidate, one column a context."""
        place = {context.name: column for column, context in enumerate(self.contexts_)}
        found = np.zeros((len(moments), len(place)))
        for row, (moment, viewer) in enumerate(zip(moments, viewers, strict=True)):
            for name, value in active(moment, viewer):
                if name in place:
                    found[row, place[name]] = value
        return found

    def _names(self, titles: Sequence[Title]) -> sparse.csr_matrix:
        """The columns that the vocabulary names, for each title those it has."""
        place, first = self.columns_, len(FIXED)
        data: list[float] = []
        indices: list[int] = []
        starts = [0]
        for title in titles:
            for name in named(title):
                column = place.get(name, 0)
                if column >= first:
                    indices.append(column - first)
                    data.append(self.config.of(name))
            starts.append(len(indices))
        shape = (len(titles), len(place) - first)
        return sparse.csr_matrix((data, indices, starts), shape=shape, dtype=float)


def clock_reach(weights: Floats, config: FeatureConfig) -> float:
    """How far one block of daypart or weekend weights can move any title's logit, either way."""
    base, moods, lengths = np.split(weights, [1, 1 + len(MOODS)])
    base, moods, lengths = base * config.base, moods * config.moods, lengths * config.length
    highest = base.sum() + np.maximum(moods, 0).sum() + max(lengths.max(), 0)
    lowest = base.sum() + np.minimum(moods, 0).sum() + min(lengths.min(), 0)
    return float(max(highest, -lowest) * config.clock)


def _scaled(block: sparse.csr_matrix, width: int, activity: Floats) -> sparse.csr_matrix:
    """The front part of title rows times an activity each; nothing stored where there is none."""
    if not activity.any():
        return sparse.csr_matrix((block.shape[0], width))
    part = sparse.csr_matrix(block[:, :width])
    part.data = part.data * np.repeat(activity, np.diff(part.indptr))
    part.eliminate_zeros()
    return part


def _distinct(titles: Iterable[Title]) -> list[Title]:
    """Each title object once, in order."""
    return list({id(title): title for title in titles}.values())
