"""A photo as a row: of which post, which file, and what it says to who does not see it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.extensions import Identified, Model
from board.photos.rules import ALT_MAX, Size, sizes
from board.posts.models import Post


class Upload(Identified, Model):
    """A photo of a post; `alt` is None until somebody said what it shows, empty when nothing."""

    __tablename__ = "upload"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str | None] = mapped_column(String(ALT_MAX))

    post: Mapped[Post] = relationship()
    by: Mapped[Person | None] = relationship()

    __table_args__ = (UniqueConstraint("post_id", "digest"),)

    @property
    def sizes(self) -> list[Size]:
        """The sizes that are kept of it, small to large."""
        return sizes(self.width, self.height)

    def news(self) -> tuple[str, int | None]:
        """A photo is part of its post."""
        return ("post", self.post_id)
