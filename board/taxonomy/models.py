"""Concepts with labels in each language, and places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.extensions import Identified, Model


class Concept(Identified, Model):
    """A kind or a category, named by its key; never deleted, only retired."""

    __tablename__ = "concept"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    scheme: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str | None] = mapped_column(String(24))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id"))

    labels: Mapped[list[ConceptLabel]] = relationship(
        back_populates="concept", order_by="ConceptLabel.id", cascade="all, delete-orphan"
    )

    def news(self) -> tuple[str, int | None]:
        """Its labels are words of every post that carries it."""
        return ("concept", self.id)


class ConceptLink(Model):
    """One concept is broader than another."""

    __tablename__ = "concept_link"

    broader_id: Mapped[int] = mapped_column(ForeignKey("concept.id"), primary_key=True)
    narrower_id: Mapped[int] = mapped_column(ForeignKey("concept.id"), primary_key=True, index=True)

    def news(self) -> tuple[str, int | None]:
        """What stands above a concept finds the posts that carry it."""
        return ("concept", self.narrower_id)


class ConceptLabel(Model):
    """A name of a concept in a language: one preferred, any number of alternatives."""

    __tablename__ = "concept_label"

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[int] = mapped_column(ForeignKey("concept.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(160), index=True)
    source: Mapped[str] = mapped_column(String(12), default="data")

    concept: Mapped[Concept] = relationship(back_populates="labels")

    __table_args__ = (UniqueConstraint("concept_id", "language", "folded"),)

    def news(self) -> tuple[str, int | None]:
        """A new word for a concept finds every post that carries it."""
        return ("concept", self.concept_id)


class Place(Identified, Model):
    """A place with a private point and the coarse one that everybody may see."""

    __tablename__ = "place"

    label: Mapped[str] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float]
    longitude: Mapped[float]
    public_latitude: Mapped[float]
    public_longitude: Mapped[float]
    precision: Mapped[str] = mapped_column(String(16))
    population: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(12))
    source_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    names: Mapped[list[PlaceName]] = relationship(
        back_populates="place", cascade="all, delete-orphan"
    )

    __table_args__ = (Index("ix_place_public_point", "public_latitude", "public_longitude"),)

    @property
    def public_point(self) -> tuple[float, float]:
        """The coarse point that everybody may see."""
        return (self.public_latitude, self.public_longitude)

    def news(self) -> tuple[str, int | None]:
        """Its label stands on every post that is there."""
        return ("place", self.id)


class PlaceName(Model):
    """A spelling that finds a place, folded."""

    __tablename__ = "place_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"), index=True)
    folded: Mapped[str] = mapped_column(
        String(160, collation="C").with_variant(String(160), "sqlite")
    )

    place: Mapped[Place] = relationship(back_populates="names")

    __table_args__ = (
        UniqueConstraint("place_id", "folded"),
        Index("ix_place_name_folded", "folded", "place_id"),
    )
