"""Contacts in what people write: seen before publishing, masked in public."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.contacts import ContactKind, find_contacts, mask_contacts

PHONES = (
    "514-555-0123", "(514) 555-0123", "514 555 0123", "514.555.0123", "5145550123",
    "1-800-555-0199", "1 418 555-0123", "+1 514 555-0123", "+15145550123", "(514)555-0123",
    "514‑555‑0123", "514 555 0123", "514-555-0123, poste 204", "514 555-0123 ext. 12",
    "01 23 45 67 89", "06.12.34.56.78", "0612345678", "06-12-34-56-78", "+33 6 12 34 56 78",
    "0033 6 12 34 56 78", "+33 (0)1 23 45 67 89", "+52 55 1234 5678", "+32 470 12 34 56",
    "0470 12 34 56", "022 345 67 89", "+41 22 345 67 89",
    "514-555-01-99", "514 555 01 99", "(514) 555.01.99", "1 418 555-01-99", "514·555·0199",
    "5 1 4 5 5 5 0 1 9 9", "1 5 1 4 5 5 5 0 1 9 9", "5-1-4-5-5-5-0-1-9-9", "0 6 1 2 3 4 5 6 7 8",
    "５１４-５５５-０１９９", "𝟓𝟏𝟒 𝟓𝟓𝟓 𝟎𝟏𝟗𝟗", "⑤①④ ⑤⑤⑤ ⓪①⑨⑨", "⁵¹⁴⁻⁵⁵⁵⁻⁰¹⁹⁹", "（514）555-0199",
)  # fmt: skip
EMAILS = (
    "ana@example.org", "ana.tremblay+salle@maison.example.qc.ca", "ANA@EXAMPLE.ORG",
    "hélène@exemple.québec", "ana (at) example.org", "ana [at] example [dot] org",
    "ana(arobase)example.org", "ana @ example.org", "nom (at) domaine point ca",
    "nom arobase domaine point ca", "ana at example dot org", "ana arroba ejemplo punto org",
    "ana＠example.org", "o'neil@example.org", "ana (a) exemple point ca",
    "foo @ bar . org", "foo (at) bar.org", "foo [arobase] bar point org", "foo (at) bar . org",
    "foo@bar . org", "foo@bar．org", "𝐟𝐨𝐨@𝐛𝐚𝐫.𝐨𝐫𝐠", "foo @ salle . bar . org",
)  # fmt: skip
OTHERS = (
    "le 24 juin 2027", "2027-06-24", "24/06/2027", "du 2026-10-01 au 2026-10-31", "à 18 h 30",
    "de 9:00 à 17:30", "1 200 $", "1 234 567,89 $", "12,50 €", "H2X 1Y4", "G1R 4P5", "75011 Paris",
    "ISBN 978-2-7646-0123-4", "ISBN 2-7646-0123-4", "ISBN 9782764601234", "40 chaises et 12 tables",
    "120 personnes", "3 m sur 6 m", "1234, rue Saint-Denis", "12-15-18 ans", "200 à 300 repas",
    "saison 2025-2026", "le 555 de la rue", "NEQ 1145678901", "45.4812, -73.5823",
    "on se retrouve chez nous, point final", "meet at the hall", "à la maison @ Rosemont",
    "10.5.3", "version 1.2.3.4", "30 000 000 000 $", "articles 1457 à 1480", "@babillard",
    "192.168.10.250", "1 000 000 000", "60 30 20 10 5", "50 cm x 120 cm x 240 cm",
    "NEQ : 1145678901", "TPS 123456789 RT0001", "40-50 chaises", "du 24-06-2027 au 25-06-2027",
    "SIRET 362 521 879 00034", "SIRET : 36252187900034", "SIREN 732 829 320", "732 829 320 00074",
    "ISBN 978-2-89429-01-2", "250 à 300 repas, 40-50 bénévoles", "1 2 3 4 5 6 7 8 9 10",
    "9 8 7 6 5 4 3 2 1 0", "les tailles 2 3 4 5 6 7 8 9 10 11 12", "200 x 300 x 40 x 50 mm",
    "250 300 40 50 60", "lots 250 300 40 50 kg", "à la maison @ Rosemont. Ca va",
    "de 8 h 30 à 9 h 45", "12 m² et 50 m³", "du 3 au 5, 7-8-9 h", "8:30-9:30, 10:30-11:30",
    "l’équipe @ midi . on mange",
    "250-300-40-50 cm", "1,25 $ ou 0,50 €", "10 h 15 - 11 h 45",
)  # fmt: skip


@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_is_noticed(phone: str) -> None:
    (span,) = find_contacts(f"Appelez Ana : {phone} après 18 h.")
    assert span.kind is ContactKind.PHONE
    assert mask_contacts(f"Appelez Ana : {phone} après 18 h.") == (
        "Appelez Ana : [coordonnées masquées] après 18 h."
    )


@pytest.mark.parametrize("email", EMAILS)
def test_an_address_is_noticed_even_when_it_hides(email: str) -> None:
    (span,) = find_contacts(f"Écrivez: {email}, merci.")
    assert span.kind is ContactKind.EMAIL
    assert mask_contacts(f"Écrivez: {email}, merci.", "[masked]") == "Écrivez: [masked], merci."


@pytest.mark.parametrize("text", OTHERS)
def test_dates_prices_and_codes_are_left_alone(text: str) -> None:
    assert mask_contacts(f"Nous avons {text} ici.") == f"Nous avons {text} ici."


def test_a_local_number_counts_only_when_it_is_announced() -> None:
    assert [s.kind for s in find_contacts("Tél. : 555-0123")] == [ContactKind.PHONE]
    assert find_contacts("les lots 555-0123 et 555-0124") == []


def test_several_contacts_in_one_text_are_all_masked() -> None:
    text = "Ana (514 555-0123) ou Luc, luc@example.org ; sinon 418-555-0199."
    assert mask_contacts(text, "…") == "Ana (…) ou Luc, … ; sinon …."


@given(st.text(alphabet="0123456789 .-@(+at)ca\n", max_size=80))
def test_whatever_is_written_only_the_contacts_change(text: str) -> None:
    spans = find_contacts(text)
    kept, at = [], 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        kept.append(text[at : span.start])
        at = span.end
    assert mask_contacts(text, "…") == "…".join([*kept, text[at:]])


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "a@" * 20_000, "1 " * 40_000, "(at) " * 15_000, "a.a" * 20_000 + " at "]
)
def test_a_hostile_text_is_read_in_linear_time(text: str) -> None:
    def seconds(sample: str) -> float:
        started = time.perf_counter()
        find_contacts(sample)
        return time.perf_counter() - started

    half, whole = seconds(text[: len(text) // 2]), seconds(text)
    assert whole < 8 * half + 0.5
