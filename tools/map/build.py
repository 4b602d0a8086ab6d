"""Make the outlines and the names of the map from Natural Earth and from our own gazetteer.

Run as tools/map/README.md says; two runs give the same files, byte for byte.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import py7zr
from shapely import Geometry, LineString, Polygon, box, make_valid, union_all
from shapely.geometry import shape

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "board" / "taxonomy" / "data" / "places.tsv"
OUT = ROOT / "static" / "vendor" / "natural-earth-2024.01"
TOWNS = ROOT / "static" / "map" / "towns.json"
# Zones lie a little over each other, so that no seam shows between two grains.
OVERLAP = 0.02
# People a place needs to be named at a zoom: from afar the great cities, from near the villages.
SHOWN_FROM = ((4, 1_500_000), (5, 500_000), (6, 150_000), (7, 60_000), (8, 20_000), (9, 6_000))
VILLAGES_FROM, NEIGHBOURHOODS_FROM = 10, 11
LEAST_ABROAD = 300_000


@dataclass(frozen=True)
class Zone:
    """A part of the world and its grain: how exact, which islands and lakes, which rivers."""

    name: str
    inside: Geometry
    outside: Geometry | None
    scale: int
    tolerance: float
    least_area: float
    last_river: int
    layers: dict[str, tuple[str, ...]]


TEN = {
    "land": ("10m/physical/ne_10m_land",),
    "lakes": ("10m/physical/ne_10m_lakes", "10m/physical/ne_10m_lakes_north_america"),
    "rivers": (
        "10m/physical/ne_10m_rivers_lake_centerlines",
        "10m/physical/ne_10m_rivers_north_america",
    ),
    "borders": ("10m/cultural/ne_10m_admin_0_boundary_lines_land",),
    "provinces": ("50m/cultural/ne_50m_admin_1_states_provinces_lines",),
}
FIFTY = {
    "land": ("50m/physical/ne_50m_land",),
    "lakes": ("50m/physical/ne_50m_lakes",),
    "rivers": ("50m/physical/ne_50m_rivers_lake_centerlines",),
    "borders": ("50m/cultural/ne_50m_admin_0_boundary_lines_land",),
    "provinces": (),
}
HOME = box(-79.8, 44.6, -57.0, 50.6)
AROUND = box(-96.0, 38.0, -50.0, 63.0)
WORLD = box(-180.0, -60.0, 180.0, 85.0)
ZONES = (
    Zone("home", HOME, None, 1000, 0.0012, 0.00002, 12, TEN),
    Zone("around", AROUND, HOME, 500, 0.015, 0.002, 6, TEN),
    Zone("world", WORLD, AROUND, 100, 0.1, 0.1, 3, FIFTY),
)


def read(source: Path, name: str) -> list[tuple[Geometry, dict[str, Any]]]:
    """Return the shapes of one Natural Earth layer with what it says of each."""
    archive = source / f"{name}.7z"
    unpacked = source / "unpacked" / f"{archive.stem}.json"
    if not unpacked.exists():
        with py7zr.SevenZipFile(archive) as packed:
            packed.extractall(unpacked.parent)
    features = json.loads(unpacked.read_text(encoding="utf-8"))["features"]
    found = [f for f in features if f["geometry"]]
    return [(make_valid(shape(f["geometry"])), _lower(f["properties"])) for f in found]


def _lower(properties: dict[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in properties.items()}


def wanted(layer: str, said: dict[str, Any], zone: Zone) -> bool:
    """Whether a river or a border is worth its bytes in this zone."""
    if layer == "rivers":
        return (said.get("scalerank") or 0) <= zone.last_river
    if layer == "provinces":
        return said.get("adm0_a3") in {"CAN", "USA"}
    return True


def clip(geometry: Geometry, zone: Zone) -> Geometry:
    """Return the part of a shape that lies in the zone."""
    kept = geometry.intersection(zone.inside)
    if zone.outside is not None:
        kept = kept.difference(zone.outside.buffer(-OVERLAP, join_style="mitre"))
    return kept


def parts(geometry: Geometry, kind: type) -> Iterator[Any]:
    """Return the polygons, or the lines, of any shape."""
    if isinstance(geometry, kind):
        yield geometry
    for part in getattr(geometry, "geoms", ()):
        yield from parts(part, kind)


def numbers(points: Iterable[tuple[float, ...]], scale: int) -> list[int]:
    """Write a line as whole numbers: its first point, then each step from the last."""
    out: list[int] = []
    last = (0, 0)
    for longitude, latitude, *_ in points:
        here = (round(longitude * scale), round(latitude * scale))
        if out and here == last:
            continue
        out += [here[0] - last[0], here[1] - last[1]]
        last = here
    return out


def areas(shapes: list[Geometry], zone: Zone) -> list[list[list[int]]]:
    """Return polygons, each its outer ring and then its holes, the largest first."""
    polygons = []
    for each in parts(union_all([clip(s, zone) for s in shapes]).simplify(zone.tolerance), Polygon):
        if each.area < zone.least_area:
            continue
        holes = [hole for hole in each.interiors if Polygon(hole).area >= zone.least_area]
        polygons.append((each.area, [each.exterior, *holes]))
    polygons.sort(key=lambda found: -found[0])
    written = [[numbers(r.coords, zone.scale) for r in rings] for _area, rings in polygons]
    return [rings for rings in written if len(rings[0]) >= 8]


def lines(shapes: list[Geometry], zone: Zone) -> list[list[int]]:
    """Return lines, the longest first."""
    found = [
        line
        for geometry in shapes
        for line in parts(clip(geometry, zone).simplify(zone.tolerance), LineString)
        if line.length > zone.tolerance * 4
    ]
    found.sort(key=lambda line: (-line.length, line.wkt))
    return [n for line in found if len(n := numbers(line.coords, zone.scale)) >= 4]


def outlines(source: Path, zone: Zone) -> dict[str, Any]:
    """Return everything that is drawn of one zone."""
    drawn: dict[str, Any] = {"scale": zone.scale}
    for layer, names in zone.layers.items():
        features = [found for name in names for found in read(source, name)]
        shapes = [g for g, said in features if wanted(layer, said, zone)]
        drawn[layer] = (areas if layer in {"land", "lakes"} else lines)(shapes, zone)
    return drawn


def towns() -> list[list[Any]]:
    """Return [name, latitude, longitude, first zoom], the largest first."""
    rows = [line.split("\t") for line in PLACES.read_text(encoding="utf-8").splitlines()[1:]]
    found = []
    for _key, _label, name, region, country, latitude, longitude, precision, people, *_ in rows:
        at_home = country == "CA" and region == "Québec"
        if not at_home and int(people) < (30_000 if country == "CA" else LEAST_ABROAD):
            continue
        zoom = first_zoom(precision, int(people), at_home=at_home)
        found.append([name, round(float(latitude), 2), round(float(longitude), 2), zoom, people])
    found.sort(key=lambda row: (row[3], -int(row[4]), row[0]))
    return [row[:4] for row in found]


def first_zoom(precision: str, people: int, *, at_home: bool) -> int:
    """Return the zoom from which a place is named; towns at home count four times."""
    if precision == "neighbourhood":
        return NEIGHBOURHOODS_FROM
    weighed = people * (4 if at_home else 1)
    return next((zoom for zoom, least in SHOWN_FROM if weighed >= least), VILLAGES_FROM)


def write(path: Path, value: Any) -> None:
    """Write JSON without spaces."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")


def main(source: Path) -> None:
    """Write every file of the map."""
    for zone in ZONES:
        write(OUT / f"{zone.name}.json", outlines(source, zone))
    write(TOWNS, towns())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
