"""What is counted of a widget, about nobody."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

from flask import Flask

from board.clock import fix
from board.database import will_write
from board.extensions import db
from board.web.tables import plain
from board.widgets import counting, statistics
from board.widgets.models import WidgetCount
from board.widgets.rules import Metric
from tests.conftest import NOW
from tests.factories import make_post
from tests.pages import CheckedClient
from tests.posts.helpers import at_work
from tests.widgets.helpers import make_widget

FROM = {"Referer": "https://partenaire.org/page?secret=1", "User-Agent": "Mozilla/5.0"}


def kept() -> dict[tuple[str, str], int]:
    """Return what was written, by site and metric."""
    db.session.rollback()
    return {(row.host, row.metric.value): row.n for row in db.session.query(WidgetCount)}


def test_views_and_opened_posts_are_counted_by_site(app: Flask, client: CheckedClient) -> None:
    post, widget = make_post(), make_widget()
    address = f"/embed/{widget.uuid}"
    mark = client.get(address, headers=FROM).headers["ETag"]
    assert client.get(address, headers={**FROM, "If-None-Match": mark}).status_code == 304
    client.get(f"{address}.json", headers=FROM | {"Origin": "https://partenaire.org"})
    client.get(f"{address}/p/{post.uuid}", headers=FROM)
    client.get(address, headers={"User-Agent": "Mozilla/5.0"})
    own = client.application.config["BOARD"].base_url + "/fr/"
    for nobody in (
        {"User-Agent": "Googlebot/2.1"}, {"Referer": own, "User-Agent": "Mozilla/5.0"},
    ):  # fmt: skip
        client.get(address, headers=nobody)
    client.head(address, headers=FROM)
    assert (
        client.get("/embed/00000000-0000-0000-0000-000000000009", headers=FROM).status_code == 404
    )
    assert kept() == {}
    counting.of(app).write()
    assert kept() == {
        ("partenaire.org", "view"): 3, ("partenaire.org", "open"): 1, ("-", "view"): 1,
    }  # fmt: skip
    client.get(address, headers=FROM)
    counting.of(app).write()
    assert kept()["partenaire.org", "view"] == 4


def test_counting_moves_nothing_that_caches_follow(app: Flask, client: CheckedClient) -> None:
    widget = make_widget()
    mark = client.get("/fr/feed.atom").headers["ETag"]
    client.get(f"/embed/{widget.uuid}", headers=FROM)
    counting.of(app).write()
    assert client.get("/fr/feed.atom").headers["ETag"] == mark


def test_who_invents_sites_fills_no_table(app: Flask) -> None:
    widget = make_widget()
    counts = counting.of(app)
    for number in range(counting.MOST_HOSTS_A_DAY + 30):
        counts.add(widget.uuid, f"site{number}.org", Metric.VIEW)
    counts.write()
    assert len(kept()) == counting.MOST_HOSTS_A_DAY + 1
    assert kept()[counting.OTHERS, "view"] == 30
    assert counting.host_of("https://a:b@Exemple.org:8443/x") == "exemple.org:8443"
    assert counting.host_of("null") == counting.host_of("http://[x") == counting.ELSEWHERE


def test_small_numbers_are_not_told(app: Flask, client: CheckedClient) -> None:
    _person, mine = at_work(client)
    widget = make_widget(mine)
    counts = counting.of(app)
    for _ in range(7):
        counts.add(widget.uuid, "grand.org", Metric.VIEW)
    counts.add(widget.uuid, "-petit.org", Metric.VIEW)
    counts.add(widget.uuid, counting.ELSEWHERE, Metric.ANSWER)
    counts.write()
    path = f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}"
    page = client.get(f"{path}/statistics?days=90").get_data(as_text=True)
    assert "<td>7</td>" in page
    assert "<td>&lt;5</td>" in page
    assert page.count("<rect") == 90
    assert "<dd>8–11</dd>" in page  # eight would tell that the other site had one
    year = client.get(f"{path}/statistics?days=365").get_data(as_text=True)
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"', year)
    assert len(bars) == 53
    assert all(float(wide) > 5 for _left, wide, _high in bars)
    assert [float(high) > 0 for _left, _wide, high in bars] == [False] * 52 + [True]
    assert "Vues par semaine" in year and "<td>7</td>" in year
    sheet = client.get(f"{path}/statistics.csv")
    rows = sheet.get_data().decode("utf-8-sig").splitlines()
    assert rows[0] == "Jour,Site,Mesure,Nombre"
    assert set(rows[1:]) == {
        "2026-09-15,'-petit.org,Vues,<5",
        "2026-09-15,grand.org,Vues,7",
        "2026-09-15,site qui ne se nomme pas,Réponses,<5",
    }
    for _ in range(4):
        counts.add(widget.uuid, "-autre.org", Metric.VIEW)
    counts.write()
    assert "<dd>9–15</dd>" in client.get(f"{path}/statistics").get_data(as_text=True)
    fix(NOW + timedelta(days=40))
    assert "Rien n’a encore été compté" in client.get(f"{path}/statistics").get_data(as_text=True)


def everything_told(widget_id: int, last: date) -> object:
    """All that an owner sees of the counts: tables, their order, sums, bars, the sheet."""
    first = last - timedelta(days=2)
    days, sites = (
        [(row.name, [row.told(metric) for metric in Metric]) for row in rows]
        for rows in (
            statistics.by_day(widget_id, first, last), statistics.by_site(widget_id, first, last),
        )
    )  # fmt: skip
    every = statistics.by_day(widget_id, first, last)
    total = [statistics.total(every).told(metric) for metric in Metric]
    return days, sites, total, statistics.bars(every), statistics.as_csv(widget_id, first, last, {})


def test_no_small_number_is_found_by_any_sum(app: Flask) -> None:
    widget, last, chance = make_widget(), NOW.date(), random.Random(5)
    will_write()
    with app.test_request_context():
        for _turn in range(12):
            db.session.query(WidgetCount).delete()
            cells = [
                WidgetCount(day=last - timedelta(days=day), widget_id=widget.id, host=f"{site}.org",
                            metric=Metric.VIEW, n=chance.choice((1, 2, 3, 4, 4, 4, 5, 7, 30)))
                for day in range(3) for site in range(3) if chance.random() < 0.7
            ]  # fmt: skip
            db.session.add_all(cells)
            db.session.flush()
            told = everything_told(widget.id, last)
            for cell in (one for one in cells if one.n < statistics.LEAST_TOLD):
                true = cell.n
                for other in {1, 2, 3, 4} - {true}:
                    cell.n = other
                    assert everything_told(widget.id, last) == told, "another number shows the same"
                cell.n = true
    db.session.rollback()


def test_a_cell_is_no_formula() -> None:
    assert [plain(cell) for cell in ("=1+1", "@x", "a.org", "")] == [
        "'=1+1", "'@x", "a.org", "",
    ]  # fmt: skip
