"""A session ends while somebody describes an organisation: the words come back."""

from __future__ import annotations

from sqlalchemy import func, select

from board.accounts.models import KeptForm
from board.extensions import db
from tests.accounts.helpers import account, enter
from tests.factories import make_organisation
from tests.organisations.helpers import post, text
from tests.pages import CheckedClient


def test_a_description_typed_without_a_session_comes_back(client: CheckedClient) -> None:
    ana = account()
    abri = make_organisation(responsible=ana, slug="abri", name="Abri")
    db.session.commit()
    path = "/fr/organisations/abri/edit"
    typed = {"name": "Abri", "description": "Écrit longuement", "edit_version": "1",
             "languages": ["en", "es"]}  # fmt: skip
    assert client.post(path, data=typed).status_code == 403
    enter(client)
    page = text(client.get(path))
    assert "Écrit longuement" in page and "Voici ce que vous aviez écrit" in page
    assert page.count(" checked") == 2
    assert "Écrit longuement" not in text(client.get(f"{path}?saved=1"))
    assert post(client, path, typed).status_code == 303
    db.session.refresh(abri)
    assert abri.description_md == "Écrit longuement"
    assert db.session.scalar(select(func.count(KeptForm.id))) == 0


def test_an_organisation_begun_without_a_session_comes_back(client: CheckedClient) -> None:
    account()
    path = "/fr/organisations/new"
    assert client.post(path, data={"name": "Jardin du Nord"}).status_code == 403
    enter(client)
    assert 'value="Jardin du Nord"' in text(client.get(path))
    assert post(client, path, {"name": "Jardin du Nord", "languages": ["fr"]}).status_code == 303
    assert 'value="Jardin du Nord"' not in text(client.get(path))
