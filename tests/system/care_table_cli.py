# SPDX-License-Identifier: Apache-2.0
"""her2 care on a table, and a stage table of one's own, as a person calls it."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HER2 = os.environ.get("HER2", "")
if not HER2:
    print("the program is not built")
    sys.exit(77)

TABLE = ("id,age_years,size_mm,positive_nodes,grade,er_status,pgr_status,her2_status,smoking\n"
         "a,60,18,0,2,positive,positive,negative,never\n"
         "b,45,30,4,3,negative,negative,negative,\n")


def run(*arguments, text=None):
    done = subprocess.run([HER2, "care", *map(str, arguments)], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    table = folder / "cohort.csv"
    table.write_text(TABLE)

    code, out, err = run(table)
    assert code == 0, err
    lines = [line.split("\t") for line in out.splitlines()]
    rows = [dict(zip(lines[0], line)) for line in lines[1:]]
    assert [row["receptor_subtype"] for row in rows] == ["HR+/HER2-", "triple-negative"], rows
    assert [row["anatomic_stage"] for row in rows] == ["IA", "IIIA"], rows
    assert rows[0]["npi"] == "3.3600" and rows[0]["npi_group"] == "GPG"
    assert rows[1]["not_known"] == "smoking" and "-" in rows[1]["alive_10"]
    assert "research use" in err and "predict-3.2" in err

    # the same by a file, from standard input, in every model and format
    written = folder / "care.tsv"
    assert run(table, "--out", written, "--quiet")[0] == 0 and written.read_text() == out
    code, piped, err = run("-", "--format", "tsv", text=TABLE)
    assert code == 0 and piped == out, err
    for model in ("predict-2.2", "predict-3.1"):
        assert run(table, "--model", model)[1] != out
    for kind in ("csv", "jsonl"):
        assert run(table, "--format", kind)[0] == 0

    # bad input: one sentence, nothing written
    for arguments, expected in (
            ((table, "--model", "predict-4.0"), "predict-4.0"),
            ((table, "--map", "nowhere"), "there is no such file"),
            ((table, "--format", "html"), "is for cases"),
            ((table, "--stage-table", "mine.csv"), "write clinical=FILE or pathological=FILE"),
            ((table, "--stage-table", f"clinical={folder / 'none.csv'}"), "none.csv"),
            ((folder / "none.csv",), "none.csv")):
        target = folder / "never.tsv"
        code, out_now, err = run(*arguments, "--out", target)
        assert code == 2 and expected in err and not target.exists() and not out_now, (arguments, code, err)

    # a stage table of one's own: not complete, then complete
    own = folder / "own.csv"
    names = "t,n,m,grade,her2,er,pr,stage\n"
    own.write_text(names + "T1,N0,M0,G1,pos,pos,pos,IA\n")
    code, _, err = run(table, "--stage-table", f"pathological={own}")
    assert code == 2 and "not complete: 577 of 578" in err, err
    cells = [f"T0,{n}" for n in ("N1mi", "N1", "N2", "N3")] + [f"T{t},any" for t in (1, 2, 3, 4)]
    own.write_text(names + "Tis,N0,M0,any,any,any,any,0\nany,any,M1,any,any,any,any,IV\n" +
                   "".join(f"{cell},M0,any,any,any,any,IIB\n" for cell in cells))
    code, out, err = run(table, "--stage-table", f"pathological={own}")
    assert code == 0, err
    header, first = (line.split("\t") for line in out.splitlines()[:2])
    assert dict(zip(header, first))["prognostic_stage"] == "IIB"
