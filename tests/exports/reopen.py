"""The exports reopened by openpyxl, odfpy and Python's csv: do they carry the
numbers of the base, all of them, and nothing that a spreadsheet would run?

Usage: reopen.py COMMAND_LINE. Ends with « N passed, M failed », as the other
tests do."""

import csv
import json
import subprocess
import sys
import tempfile
import traceback
import zipfile
from pathlib import Path

import openpyxl
from odf import config, opendocument, table, teletype, text
from odf.namespaces import CONFIGNS, OFFICENS, TABLENS

NOTES = "À lire"
PLACE = ["Zonage", "Niveau", "Commune", "Maille", "Code de la maille"]
ZONAGES = {"Territoire": "territoire", "QPV": "qpv"}
# Head of the column in the workbooks, key in the base, factor between them.
NUMBERS = [
    ("Numérateur", "numerateur", 1),
    ("Numérateur : entre", "numerateur_min", 1),
    ("Numérateur : et", "numerateur_max", 1),
    ("Dénominateur", "denominateur", 1),
    ("Dénominateur : entre", "denominateur_min", 1),
    ("Dénominateur : et", "denominateur_max", 1),
    ("Part", "part", 1),
    ("Part : entre", "min", 1),
    ("Part : et", "max", 1),
    ("Écart à l'EPCI (points)", "ecart_epci", 100),
    ("Taux de réponse", "taux_reponse", 1),
]
CSV_NUMBERS = {
    "min": "part_min",
    "max": "part_max",
}
# Names that a spreadsheet would take for formulas.
HOSTILE = ["=1+1", "+33", "-2+3", "@SUM(A1)"]
DAY = "2026-11-23"


def rows(landlord, seed):
    """A landlord's file: the same on every machine (Lehmer's generator)."""
    state = seed

    def draw(bound):
        nonlocal state
        state = state * 48271 % 2147483647
        return state % bound

    communes = ["Le Creusot", "Montceau-les-Mines", "Torcy", "Blanzy", "Saint-Vallier"]
    situations = ["Personne seule", "Famille monoparentale", "Couple sans enfant", "Couple avec enfant(s)"]
    yield [
        "Bailleur", "Numéro de programme", "Nom du programme", "Commune", "QPV", "Typologie du logement",
        "Financement du logement", "Occupation", "Situation familiale", "Nombre total d'occupants",
        "Âge du titulaire du bail", "Revenu fiscal de référence", "Bénéficiaire de l'APL",
    ]
    for _ in range(1200):
        commune = draw(5)
        programme = commune * 2 + draw(2)
        situation = draw(4)
        # The first programme is nearly all of one kind: hidden cells and bounds.
        if programme == 0 and draw(20) > 0:
            situation = 0
        occupants = [1, 2 + draw(3), 2, 3 + draw(3)][situation]
        let = draw(12) > 0
        answered = let and draw(10) > 0
        household = [situations[situation], occupants, 20 + draw(70), draw(45000), ["oui", "non"][draw(2)]]
        # Too few answers in the last commune.
        if commune == 4 and draw(2) > 0:
            household[4] = ""
        yield [
            landlord, 100 + programme, f"{HOSTILE[programme % 4]} {programme}", communes[commune],
            ["oui", "non"][programme % 2], f"T{1 + draw(5)}", ["PLAI", "PLUS", "PLS"][draw(3)],
            "Loué" if let else "Vacant", *(household if answered else [""] * 5),
        ]


def run(command_line, *arguments):
    done = subprocess.run([command_line, *map(str, arguments)], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def make(command_line, folder):
    """A base and its three exports."""
    partials = []
    for landlord, seed in [("Habellis", 7), ("OPAC Saône-et-Loire", 11)]:
        source = folder / f"{seed}.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows(landlord, seed))
        partials.append(folder / f"{seed}.partiel.json")
        run(command_line, "agreger", source, "--produit-le", DAY, "-o", partials[-1])
    for name in ["base", "encore"]:
        run(
            command_line, "fusionner", *partials, "-o", folder / f"{name}.json",
            *(word for kind in ["xlsx", "ods", "csv"] for word in [f"--{kind}", folder / f"{name}.{kind}"]),
        )
    return json.loads((folder / "base.json").read_text(encoding="utf-8"))


def read_xlsx(path):
    """Sheets as lists of rows of texts, numbers or None."""
    workbook = openpyxl.load_workbook(path)
    sheets = {}
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "ns", f"{sheet.title}!{cell.coordinate}: {cell.data_type}"
        sheets[sheet.title] = [trimmed(row) for row in sheet.iter_rows(values_only=True)]
    return workbook, sheets


def read_ods(path):
    sheets = {}
    for sheet in opendocument.load(path).spreadsheet.getElementsByType(table.Table):
        lines = []
        for row in sheet.getElementsByType(table.TableRow):
            line = []
            for cell in row.childNodes:
                if cell.qname != (TABLENS, "table-cell"):
                    continue
                assert cell.getAttrNS(TABLENS, "formula") is None, "a formula"
                many = int(cell.getAttrNS(TABLENS, "number-columns-repeated") or 1)
                kind = cell.getAttrNS(OFFICENS, "value-type")
                if kind in ("float", "percentage"):
                    value = float(cell.getAttrNS(OFFICENS, "value"))
                elif kind == "string":
                    value = "\n".join(teletype.extractText(p) for p in cell.getElementsByType(text.P)) or None
                else:
                    assert kind is None, kind
                    value = None
                line += [value] * many
            many = int(row.getAttrNS(TABLENS, "number-rows-repeated") or 1)
            lines += [trimmed(line)] * many
        sheets[sheet.getAttrNS(TABLENS, "name")] = lines
    return sheets


def trimmed(row):
    row = list(row)
    while row and row[-1] is None:
        row.pop()
    return row


def results(sheets):
    """The rows of the sheets of themes, by zonage, maille and indicator's name."""
    found = {}
    for name, lines in sheets.items():
        if len(lines) < 4 or "Indicateur" not in lines[3] or lines[3][:5] != PLACE:
            continue
        for line in lines[4:]:
            line = dict(zip(lines[3], line + [None] * (len(lines[3]) - len(line))))
            key = (ZONAGES[line["Zonage"]], line["Code de la maille"], line["Indicateur"])
            assert key not in found, key
            found[key] = line
    return found


def near(a, b):
    return abs(a - b) < 1e-9


def same_results(base, sheets, labels):
    found = results(sheets)
    assert len(found) == len(base["resultats"]) > 300, len(found)
    seen = set()
    indices = index_100(base)
    names = {one["bailleur"]: one["nom"] for one in base["partiels"]}
    for result in base["resultats"]:
        line = found[result["zonage"], result["maille"], labels[result["indicateur"]]]
        seen.add(result["statut"])
        for head, key, factor in NUMBERS:
            cell = line[head]
            if key in result and result[key] is not None:
                assert isinstance(cell, (int, float)) and near(cell, result[key] * factor), (result, head, cell)
            else:
                assert cell == missing(head, result["statut"]), (result, head, cell)
        index, cell = indices.get(id(result)), line["Indice 100"]
        withheld = missing("Part", result["statut"])
        assert cell == withheld if index is None else abs(cell - index) <= 0.005 + 1e-9, (result, cell)
        assert line["Bailleurs présents"] == ", ".join(f"{names[one]} ({one})" for one in result["bailleurs"])
    assert {"publie", "borne", "secret", "reponse_insuffisante"} == seen, seen


def missing(head, status):
    """What stands where the base has no number: nothing for bounds, else a sign."""
    if " : " in head:
        return None
    share = head.startswith(("Part", "Écart"))
    return "n" if share and status == "reponse_insuffisante" else "s"


def index_100(base):
    """100 × share / share of the EPCI, from the counts, of the results that have both."""
    root = base["zonages"][0]
    share = lambda r: r["numerateur"] / r["denominateur"] if r["statut"] == "publie" else None
    epci = {
        r["indicateur"]: share(r)
        for r in base["resultats"]
        if (r["zonage"], r["maille"]) == (root["id"], root["mailles"][0]["id"])
    }
    both = ((r, share(r), epci[r["indicateur"]]) for r in base["resultats"])
    return {id(r): 100 * here / all_ for r, here, all_ in both if here is not None and all_}


def same_indices(base, sheets):
    """Every index of the base, with its units, and which share of the answers they hold."""
    lines = sheets["Ségrégation"][4:]
    assert len(lines) == len(base["segregation"]) > 50, len(lines)
    tables = {(one["zonage"], one["id"]): one["lignes"] for one in base["tableaux"]}
    kinds = set()
    for line, index in zip(lines, base["segregation"]):
        assert near(line[5], index["valeur"]) and line[6] == len(index["mailles"]), (line, index)
        assert line[8].split(", ") == index["mailles"], (line, index)
        answers = {one["maille"]: one["repondants"] for one in tables[index["zonage"], index["tableau"]]}
        # The districts have no line of the whole.
        whole = {one["maille"]: one["repondants"] for one in tables["territoire", index["tableau"]]}["epci"]
        held = sum(answers[maille] for maille in index["mailles"])
        assert abs(line[7] - held / whole) <= 5e-6 + 1e-9, (line, held, whole)
        kinds.add(index["indice"])
    assert len(kinds) == 12, kinds


def same_quotients(base, sheets):
    """Every quotient is the group's share in the unit over its share in all the units."""
    groups = {}
    for line in sheets["Quotients"][4:]:
        groups.setdefault(tuple(line[:2]), []).append(line)
    assert groups
    for lines in groups.values():
        part, whole = (sum(line[column] for line in lines) for column in (4, 5))
        for line in lines:
            assert near(line[6], (line[4] / line[5]) / (part / whole)), line


def same_counts(base, sheets):
    """Every line of every merged table stands in a sheet of counts, as it is; but a
    crossing has no line of which nothing is known."""
    lines = {}
    for rows_ in sheets.values():
        if len(rows_) > 3 and rows_[3][5:7][-1:] == ["Répondants"]:
            crossed = rows_[0][0].endswith("n'y sont pas")
            for row in rows_[4:]:
                row = [None if cell == "s" else cell for cell in row]
                assert not crossed or any(cell is not None for cell in [row[6], *row[8:]]), row
                # Response rate apart: it is not in the tables of the base.
                counts = tuple(row[5:7] + row[8:])
                lines.setdefault((ZONAGES[row[0]], row[4]), []).append(counts)
    cells = hidden = 0
    for one in base["tableaux"]:
        for line in one["lignes"]:
            whole = line["population"] if "population" in line else line["logements"]
            counts = (whole, line["repondants"], *line["effectifs"])
            if "_x_" in one["id"] and not any(count is not None for count in counts[1:]):
                continue
            assert counts in lines[one["zonage"], line["maille"]], (one["id"], line)
            cells += len(counts)
            hidden += counts.count(None)
    assert cells > 1000 and 0 < hidden < cells, (cells, hidden)


def same_in_both(xlsx, ods):
    assert list(xlsx) == list(ods)
    for name in xlsx:
        a = [row for row in xlsx[name]]
        b = [row for row in ods[name]]
        assert len(a) == len(b), (name, len(a), len(b))
        for left, right in zip(a, b):
            assert len(left) == len(right), (name, left, right)
            for x, y in zip(left, right):
                equal = near(x, y) if isinstance(x, (int, float)) and isinstance(y, (int, float)) else x == y
                assert equal, (name, x, y)


def same_csv(base, path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert len(lines) == len(base["resultats"])
    indices = index_100(base)
    for line, result in zip(lines, base["resultats"]):
        index = indices.get(id(result))
        assert line["indice_100"] == "" if index is None else abs(float(line["indice_100"]) - index) <= 0.005 + 1e-9, line
        for key in ["indicateur", "zonage", "maille", "statut"]:
            assert line[key] == result[key], (line, result)
        for _, key, _ in NUMBERS:
            cell = line[CSV_NUMBERS.get(key, key)]
            expected = result.get(key)
            assert cell == "" if expected is None else near(float(cell), expected), (result, key, cell)
        for key, cell in line.items():
            assert key is not None
            number = cell.replace(".", "", 1).lstrip("-").isdigit()
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def sober_workbook(workbook, sheets):
    assert workbook.sheetnames[0] == NOTES
    for sheet in workbook.worksheets[1:]:
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("5"), sheet.title
        assert sheet.cell(2, 1).value.startswith("Source OPS 2024 – "), sheet.title
        heads = [cell.value for cell in sheet[4]]
        for head, wanted in [("Part", "0.0%"), ("Taux de réponse", "0.0%"), ("Numérateur", "#,##0")]:
            cells = [sheet.cell(row, heads.index(head) + 1) for row in range(5, sheet.max_row + 1)] if head in heads else []
            formats = {cell.number_format for cell in cells if isinstance(cell.value, (int, float))}
            assert formats <= {wanted}, (sheet.title, head, formats)
    texts = [cell for rows_ in sheets.values() for row in rows_ for cell in row if isinstance(cell, str)]
    for start in HOSTILE:
        assert any(cell.startswith(start) for cell in texts), f"{start} should be there, as text"


def frozen_ods(path, sheets):
    """The heads are frozen there too, but for the notes."""
    frozen = {}
    for entry in opendocument.load(path).settings.getElementsByType(config.ConfigItemMapEntry):
        items = {item.getAttrNS(CONFIGNS, "name"): str(item) for item in entry.getElementsByType(config.ConfigItem)}
        frozen[entry.getAttrNS(CONFIGNS, "name")] = (items.get("VerticalSplitMode"), items.get("VerticalSplitPosition"))
    for name in sheets:
        assert frozen.get(name) == ((None, None) if name == NOTES else ("2", "4")), (name, frozen.get(name))


def notes(base, sheets):
    said = [cell for row in sheets[NOTES] for cell in row]
    wanted = [base["mention"], base["empreinte"], base["campagne"]["empreinte"]]
    wanted += [partial["empreinte"] for partial in base["partiels"]]
    for word in wanted:
        assert word in said, word
    for rule in ["seuil de 11", "60,0\u202f%"]:
        assert any(rule in str(cell) for cell in said), rule
    assert {"s", "n"} <= set(said)


def same_bytes(folder):
    for kind in ["xlsx", "ods", "csv"]:
        first, second = ((folder / f"{name}.{kind}").read_bytes() for name in ["base", "encore"])
        assert first == second, kind
    for kind in ["xlsx", "ods"]:
        assert zipfile.ZipFile(folder / f"base.{kind}").testzip() is None


def main(command_line):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        base = make(command_line, folder)
        workbook, xlsx = read_xlsx(folder / "base.xlsx")
        ods = read_ods(folder / "base.ods")
        with (folder / "base.csv").open(encoding="utf-8-sig", newline="") as file:
            labels = {line["indicateur"]: line["indicateur_libelle"] for line in csv.DictReader(file, delimiter=";")}
        checks = {
            "xlsx by openpyxl: the results of the base": lambda: same_results(base, xlsx, labels),
            "xlsx by openpyxl: the counts of the base": lambda: same_counts(base, xlsx),
            "indices of segregation, their units and what these hold": lambda: same_indices(base, xlsx),
            "location quotients": lambda: same_quotients(base, xlsx),
            "ods by odfpy: the results of the base": lambda: same_results(base, ods, labels),
            "ods by odfpy: the counts of the base": lambda: same_counts(base, ods),
            "xlsx and ods hold the same cells": lambda: same_in_both(xlsx, ods),
            "csv: the results of the base, nothing that runs": lambda: same_csv(base, folder / "base.csv"),
            "xlsx: frozen heads, source on each sheet, text that stays text": lambda: sober_workbook(workbook, xlsx),
            "ods: frozen heads": lambda: frozen_ods(folder / "base.ods", ods),
            "notes: rules, source and fingerprints": lambda: notes(base, ods),
            "equal bytes for equal bases, whole archives": lambda: same_bytes(folder),
        }
        failed = 0
        for name, check in checks.items():
            try:
                check()
                print(f"ok {name}")
            except Exception:
                failed += 1
                print(f"FAILED {name}")
                traceback.print_exc(file=sys.stdout)
        print(f"{len(checks) - failed} passed, {failed} failed")
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
