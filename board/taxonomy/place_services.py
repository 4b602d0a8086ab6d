"""What people do with places: add the one that is missing."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from board.accounts.models import Person
from board.clock import now
from board.contacts import find_contacts
from board.errors import Invalid, TooMany
from board.extensions import db
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.places import Point, distance_km, is_point, place_key, round_point

SHORTEST_NAME, LONGEST_NAME = 2, 80
LOOK_ALIKE_KM = 25
FARTHEST_KM = 100
MOST_A_DAY = 20


def add_place(*, name: str, near: Place, point: Point | None = None, added_by: Person) -> Place:
    """Add a place that the table lacks, in or near one that it knows; a look-alike is given back.

    The exact point stays private. The public one is rounded here, once, so that nothing can be
    learnt by adding the place again a little further.
    """
    name = " ".join(name.split())
    _check_name(name)
    _check_point(point and round_point(*point), near)
    if known := _look_alike(name, near):
        return known
    _check_rhythm(added_by)
    place = _new_place(name, near, point, added_by)
    db.session.add(place)
    db.session.flush()
    return place


def _check_name(name: str) -> None:
    if len(place_key(name)) < SHORTEST_NAME or not any(c.isalpha() for c in name):
        raise Invalid("name", _("Écrivez le nom du lieu, par exemple « Rang Saint-Joseph »."))
    if find_contacts(name):
        raise Invalid("name", _("Un nom ne contient ni téléphone ni adresse."))
    if len(name) > LONGEST_NAME:
        message = _("Ce nom est trop long : le maximum est de %(n)s caractères.", n=LONGEST_NAME)
        raise Invalid("name", message)


def _check_point(point: Point | None, near: Place) -> None:
    """Measure between coarse points only: an exact one could be found by trying."""
    if point is None:
        return
    if not is_point(*point):
        message = _(
            "Ce point n’existe pas : la latitude va de −90 à 90, la longitude de −180 à 180."
        )
        raise Invalid("latitude", message)
    if distance_km(point, (near.public_latitude, near.public_longitude)) > FARTHEST_KM:
        message = _(
            "Ce point est à plus de %(km)s km de %(place)s. Vérifiez les deux nombres.",
            km=FARTHEST_KM,
            place=near.label,
        )
        raise Invalid("latitude", message)


def _look_alike(name: str, near: Place) -> Place | None:
    """Return the nearest place with this name around the known one, if there is one."""
    keys = {place_key(name), place_key(f"{name}, {near.name}")}
    query = select(Place).join(PlaceName).where(PlaceName.folded.in_(keys)).order_by(Place.id)
    here = (near.public_latitude, near.public_longitude)
    around = [
        (km, place.id, place)
        for place in db.session.scalars(query.limit(200)).unique()
        if (km := distance_km(here, (place.public_latitude, place.public_longitude)))
        <= LOOK_ALIKE_KM
    ]
    return min(around)[2] if around else None


def _check_rhythm(person: Person) -> None:
    since = now() - timedelta(days=1)
    added = select(func.count(Place.id)).where(
        Place.added_by_id == person.id, Place.created_at > since
    )
    if (db.session.scalar(added) or 0) >= MOST_A_DAY:
        raise TooMany(retry_after=24 * 3600)


def _new_place(name: str, near: Place, point: Point | None, added_by: Person) -> Place:
    exact = point or Point(near.public_latitude, near.public_longitude)
    public = round_point(*exact) if point else Point(near.public_latitude, near.public_longitude)
    label = f"{name}, {near.name}"
    return Place(
        label=label,
        name=name,
        region=near.region,
        country=near.country,
        latitude=exact.latitude,
        longitude=exact.longitude,
        public_latitude=public.latitude,
        public_longitude=public.longitude,
        precision="point" if point else near.precision,
        source="person",
        added_by_id=added_by.id,
        names=[PlaceName(folded=key) for key in sorted({place_key(name), place_key(label)})],
    )
