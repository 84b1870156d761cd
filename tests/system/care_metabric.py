# SPDX-License-Identifier: Apache-2.0
"""scripts/metabric_calibration.py: its statistics on examples worked by hand, and on METABRIC where it is there."""
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ["HER2_SOURCE"])
TABLE = Path(os.environ.get("HER2_TEST_DATA", "")) / "tables/metabric/brca_metabric_clinical_data.tsv"
HER2 = os.environ.get("HER2", "")

spec = importlib.util.spec_from_file_location("calibration", SOURCE / "scripts/metabric_calibration.py")
calibration = importlib.util.module_from_spec(spec)
spec.loader.exec_module(calibration)


def near(a, b, tolerance=1e-9):
    assert abs(a - b) <= tolerance, (a, b)


# Kaplan-Meier by hand: 5 people, deaths at 1 and 3, censored at 2, 4, 5: 4/5, then 2/3 of it
near(calibration.kaplan_meier([(1, True), (2, False), (3, True), (4, False), (5, False)], 10)[0], 4 / 5 * 2 / 3)
near(calibration.kaplan_meier([(1, True), (2, False), (3, True), (4, False), (5, False)], 2)[0], 4 / 5)
# with ties: 4 people, two die at 1
near(calibration.kaplan_meier([(1, True), (1, True), (2, False), (3, False)], 2)[0], 2 / 4)
# nobody dies
assert calibration.kaplan_meier([(1, False)] * 3, 2) == (1, 1, 1)

# concordance by hand: usable pairs (1,2) (1,3) (2,3), all in order; then all in reverse; ties are a half
ordered = [(10.0, 1.0, True), (20.0, 2.0, True), (30.0, 3.0, False)]
near(calibration.concordance(ordered, 10)[0], 1)
near(calibration.concordance([(-c, t, d) for c, t, d in ordered], 10)[0], 0)
near(calibration.concordance([(1.0, t, d) for _, t, d in ordered], 10)[0], 0.5)
# followed to 1.5 only, the second is alive: pairs (1,2) and (1,3)
mixed = [(25.0, 1.0, True), (20.0, 2.0, True), (30.0, 3.0, False)]
near(calibration.concordance(mixed, 1.5)[0], 0.5)
near(calibration.middle("80.0000-82.0000"), 81)
near(calibration.middle("80.5"), 80.5)

if not TABLE.exists() or not HER2:
    print(f"{TABLE} is absent: set HER2_TEST_DATA")
    sys.exit(77)

results = calibration.study(HER2, str(TABLE))
for model, (people, groups, c, mean, alive) in results.items():
    print(model, people, [round(x, 3) for x in c], round(mean, 1), [round(x, 1) for x in alive])
    assert people > 1500, people  # 2,040 rows have size, nodes, grade; 1,981 an outcome
    assert c[1] > 0.60 and c[0] < 0.85, c  # discriminates, as published (AUC about 0.7 to 0.8), and not by magic
    assert groups[0][2] + 20 < groups[9][2], "the lowest tenth must fare far worse than the highest"
    assert all(a[1] < b[1] for a, b in zip(groups, groups[1:]))
assert results["predict-2.2"][0] == results["predict-3.2"][0]

with tempfile.TemporaryDirectory() as folder:
    picture = Path(folder) / "p.svg"
    subprocess.run([sys.executable, SOURCE / "scripts/metabric_calibration.py", HER2, TABLE, "--svg", picture],
                   check=True, stdout=subprocess.DEVNULL)
    made = picture.read_text()
    assert "MB-" not in made  # sums only
    shown = (SOURCE / "docs/pictures/predict-metabric.svg").read_text()
    assert made == shown, "docs/pictures/predict-metabric.svg is not what the script draws; run scripts/pictures.sh"
