"""A person's rights over the places that they added."""

from __future__ import annotations

from flask import Flask

from board.accounts.panels import erase_elsewhere, exports_of
from board.database import will_write
from board.extensions import db
from board.taxonomy.models import Place
from tests.factories import make_person


def added_by(person_id: int) -> Place:
    """A place with an exact point, as somebody added it."""
    will_write()
    place = Place(label="Jardin caché, Matane", name="Jardin caché", country="CA", source="person",
                  latitude=48.84321, longitude=-67.52345, public_latitude=48.84,
                  public_longitude=-67.52, precision="address", added_by_id=person_id)  # fmt: skip
    db.session.add(place)
    db.session.commit()
    return place


def test_my_export_holds_the_places_that_i_added_with_their_exact_point(app: Flask) -> None:
    ana, bob = make_person(), make_person()
    db.session.commit()
    place = added_by(ana.id)
    (known,) = exports_of(ana)["places"]
    assert (known["id"], known["latitude"]) == (place.uuid, 48.84321)
    assert exports_of(bob)["places"] == []


def test_after_erasure_the_place_stays_coarse_and_without_a_name(app: Flask) -> None:
    ana = make_person()
    db.session.commit()
    place = added_by(ana.id)
    will_write()
    erase_elsewhere(ana)
    db.session.commit()
    db.session.refresh(place)
    assert place.added_by_id is None
    assert (place.latitude, place.longitude) == (48.84, -67.52)
